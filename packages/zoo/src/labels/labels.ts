import { nsfwjsLabels } from './nsfwjs.js'

/** Sets of labels, by what the classes are of. */
export type LabelSet = 'imagenet' | 'inat-birds' | 'nsfwjs'

/** The 1000 classes of ImageNet by index, without a background class: `labels[281]` is `tabby, tabby cat`. Imported when called. */
export async function imagenetLabels(): Promise<readonly string[]> {
  return (await import('./imagenet.js')).imagenet
}

/** The WordNet ids of ImageNet's 1000 classes by index: `ids[281]` is `n02123045`. Imported when called. */
export async function imagenetWordnetIds(): Promise<readonly string[]> {
  return (await import('./imagenet-wordnet.js')).imagenetWordnet
}

/** The 964 birds of iNaturalist by index, without a background class: `labels[0]` is `Haemorhous cassinii (Cassin's Finch)`. */
export async function inatBirdLabels(): Promise<readonly string[]> {
  return (await import('./inat-birds.js')).inatBirds
}

/** The labels of a set, by class index, without a background class. */
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
