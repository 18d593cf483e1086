import { provideImporters } from './nsfwjs-model.js'

/**
 * Lets a page load the models that npm's nsfwjs carries: `nsfw-1.4-224` and `nsfw-1.0-224`. A bundler puts them into chunks of their own,
 * which are fetched when a model is loaded. Node needs no such call.
 * @example
 * ```ts
 * import { provideNsfwjs } from '@mobilenetv2/zoo/nsfwjs'
 * import { load } from 'mobilenetv2'
 *
 * provideNsfwjs()
 * const model = await load('nsfw-1.4-224')
 * ```
 */
export function provideNsfwjs(): void {
  provideImporters({
    mobilenet_v2: async () => (await import('nsfwjs/models/mobilenet_v2')).MobileNetV2Model,
    mobilenet_v2_mid: async () => (await import('nsfwjs/models/mobilenet_v2_mid')).MobileNetV2MidModel,
  })
}
