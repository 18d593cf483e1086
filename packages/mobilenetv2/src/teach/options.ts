import { integerOption, type LayerId, refuseOption, typeOption } from '@mobilenetv2/spec'
import { checkPictureOptions, type PictureOptions } from '../call-options.js'
import type { LabelledPictures } from '../labelled-pictures.js'

/** How far teaching has come: in pictures while they are read, then in heads that are fitted, then in steps of the fine-tuning. */
export interface TeachProgress {
  readonly stage: 'reading' | 'head' | 'fine-tuning'
  readonly done: number
  readonly total: number
}

/** What `teach` takes beside the pictures. */
export interface TeachOptions extends PictureOptions {
  /** The path of a file with the labels of the pictures in a folder, as `evaluate` takes it. */
  readonly labels?: string | undefined
  /**
   * What the new network is judged by. `auto` unless given: a part of the pictures that is set aside, or, if they are few, each part in turn;
   * then the head learns from all of them. A number from 0 to 1: that share of each class is set aside, 0 for none. With `fineTune` the
   * part that is set aside, a fifth for `auto`, is never learned from. Nor are labelled pictures of the same classes, if they are given.
   */
  readonly validation?: 'auto' | number | LabelledPictures | undefined
  /** What a picture of each class counts for: `balanced`, so that each class counts the same however many pictures it has; or a number above 0 by label. 1 unless given. */
  readonly classWeights?: 'balanced' | { readonly [label: string]: number } | undefined
  /**
   * Which layers before the head learn too: the last so many that have weights, the head among them; or a layer and all that follow. Unless
   * given, none. This takes @mobilenetv2/tfjs and TensorFlow.js.
   */
  readonly fineTune?: number | LayerId | undefined
  /** Passes over the pictures in the fine-tuning, at most: 20 unless given. */
  readonly epochs?: number | undefined
  /** `flip`: in the fine-tuning, pictures are mirrored at random. */
  readonly augment?: 'flip' | undefined
  /** Decides which pictures are set aside, and the order of the fine-tuning: an integer from 0 to 2^32 - 1; 0 unless given. */
  readonly seed?: number | undefined
  readonly onProgress?: ((progress: TeachProgress) => void) | undefined
}

const names = ['labels', 'validation', 'classWeights', 'fineTune', 'epochs', 'augment', 'seed', 'onProgress'] as const

function checkWeights(classWeights: unknown): void {
  if (classWeights === undefined || classWeights === 'balanced') return
  if (typeof classWeights !== 'object' || classWeights === null) {
    refuseOption('classWeights', classWeights, "'balanced', or an object of label to number")
  }
  for (const [label, weight] of Object.entries(classWeights)) {
    if (!(Number.isFinite(weight) && weight > 0)) refuseOption(`classWeights.${label}`, weight, 'a finite number above 0')
  }
}

/** @throws MobileNetV2Error `OPTION` if an option is wrong, or has no effect beside the others */
export function checkTeachOptions(options: TeachOptions): void {
  checkPictureOptions(options, names)
  const { labels, validation, fineTune, epochs, augment, seed, onProgress } = options
  typeOption('labels', labels, 'string')
  typeOption('onProgress', onProgress, 'function')
  checkWeights(options.classWeights)
  if (seed !== undefined) integerOption('seed', seed, 0, 2 ** 32 - 1)
  if (typeof validation === 'number' && !(validation >= 0 && validation < 1)) {
    refuseOption('validation', validation, 'a number from 0 to below 1')
  }
  if (typeof fineTune === 'number') integerOption('fineTune', fineTune, 1, Number.MAX_SAFE_INTEGER)
  else typeOption('fineTune', fineTune, 'string')
  if (augment !== undefined && augment !== 'flip') refuseOption('augment', augment, "'flip'")
  if (epochs !== undefined) integerOption('epochs', epochs, 1, Number.MAX_SAFE_INTEGER)
  for (const [name, value] of Object.entries({ epochs, augment })) {
    if (value !== undefined && fineTune === undefined)
      refuseOption(name, value, 'nothing without fineTune: a head is trained to its end')
  }
}
