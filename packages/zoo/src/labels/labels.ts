import { nsfwjsLabels } from './nsfwjs.js'

/** The name of a set of labels. */
export type LabelSet = 'imagenet' | 'inat-birds' | 'nsfwjs'

/**
 * The names of the 1000 classes of ImageNet by index, without a background class. The list is loaded when it is first asked for.
 * @example
 * ```ts
 * import { imagenetLabels } from '@mobilenetv2/zoo/labels'
 *
 * const labels = await imagenetLabels()
 * labels[281] // => 'tabby, tabby cat'
 * ```
 */
export async function imagenetLabels(): Promise<readonly string[]> {
  return (await import('./imagenet.js')).imagenet
}

/**
 * The WordNet ids of the 1000 classes of ImageNet by index. The list is loaded when it is first asked for.
 * @example
 * ```ts
 * import { imagenetWordnetIds } from '@mobilenetv2/zoo/labels'
 *
 * const ids = await imagenetWordnetIds()
 * ids[281] // => 'n02123045'
 * ```
 */
export async function imagenetWordnetIds(): Promise<readonly string[]> {
  return (await import('./imagenet-wordnet.js')).imagenetWordnet
}

/**
 * The names of the 964 birds of iNaturalist by index, without a background class. The list is loaded when it is first asked for.
 * @example
 * ```ts
 * import { inatBirdLabels } from '@mobilenetv2/zoo/labels'
 *
 * const labels = await inatBirdLabels()
 * labels[3] // => 'Cyanocitta cristata (Blue Jay)'
 * ```
 */
export async function inatBirdLabels(): Promise<readonly string[]> {
  return (await import('./inat-birds.js')).inatBirds
}

/**
 * The labels of a set by class index, without a background class.
 * @example
 * ```ts
 * import { labelsOf } from '@mobilenetv2/zoo/labels'
 *
 * await labelsOf('nsfwjs') // => [ 'Drawing', 'Hentai', 'Neutral', 'Porn', 'Sexy' ]
 * ```
 */
export async function labelsOf(set: LabelSet): Promise<readonly string[]> {
  switch (set) {
    case 'imagenet':
      return imagenetLabels()
    case 'inat-birds':
      return inatBirdLabels()
    case 'nsfwjs':
      return nsfwjsLabels
    default:
      return set satisfies never
  }
}
