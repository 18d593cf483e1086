import { provideImporter } from './tfjs-package.js'

/**
 * Lets a page name the backend `tfjs`, and fine-tune with `teach(…, { fineTune })`. A bundler puts TensorFlow.js into chunks of its own,
 * which are fetched when they are needed. Node needs no such call.
 * @example
 * ```ts
 * import { load } from 'mobilenetv2'
 * import { provideTfjs } from 'mobilenetv2/tfjs'
 *
 * provideTfjs()
 * const model = await load('mobilenet_v2.safetensors', { backend: 'tfjs' })
 * ```
 */
export function provideTfjs(): void {
  provideImporter(() => import('@mobilenetv2/tfjs'))
}
