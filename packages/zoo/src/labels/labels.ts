import { nsfwjsLabels } from './nsfwjs.js'

/** Sets of labels, by what the classes are of. */
export type LabelSet = 'imagenet' | 'nsfwjs'

/** The 1000 classes of ImageNet by index, without a background class: `labels[281]` is `tabby, tabby cat`. Imported when called. */
export async function imagenetLabels(): Promise<readonly string[]> {
  return (await import('./imagenet.js')).imagenet
}

/** The labels of a set, by class index, without a background class. */
export async function labelsOf(set: LabelSet): Promise<readonly string[]> {
  switch (set) {
    case 'imagenet':
      return imagenetLabels()
    case 'nsfwjs':
      return nsfwjsLabels
    default:
      return set satisfies never
  }
}
