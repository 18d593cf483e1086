import { integerOption, type LayerId, refuseOption, typeOption } from '@mobilenetv2/spec'
import { checkPictureOptions, type PictureOptions } from '../call-options.js'
import type { LabelledPictures } from '../labelled-pictures.js'

/**
 * How far teaching has come: `done` units of `total` in its current `stage`. The units are pictures in the stage `reading`, fitted heads in
 * `head`, and training steps in `fine-tuning`.
 */
export interface TeachProgress {
  readonly stage: 'reading' | 'head' | 'fine-tuning'
  readonly done: number
  readonly total: number
}

/** Options of `Model.teach`. */
export interface TeachOptions extends PictureOptions {
  /** The path of a label file for the pictures in a folder, as for `evaluate`. */
  readonly labels?: string | undefined
  /**
   * The pictures for validation. `auto` unless given: some pictures are set aside, or, if there are few, cross-validation takes each part
   * in turn; afterwards the head is trained on all pictures. A number from 0 to below 1: this share of each class is set aside; 0 for none.
   * Or labelled pictures of the same classes, which are not trained on. With `fineTune` the pictures that are set aside, a fifth with
   * `auto`, are not trained on either.
   */
  readonly validation?: 'auto' | number | LabelledPictures | undefined
  /**
   * The weight of a picture in the loss: `balanced`, so that each class counts the same however many pictures it has; or a number above 0
   * for each label. 1 unless given.
   */
  readonly classWeights?: 'balanced' | { readonly [label: string]: number } | undefined
  /**
   * Which layers are trained beside the head: a number counts layers with weights from the end, the head included; the id of a layer means
   * that layer and all behind it. Unless given, none. This needs `@mobilenetv2/tfjs` and TensorFlow.js.
   */
  readonly fineTune?: number | LayerId | undefined
  /** The most epochs of the fine-tuning, passes over the pictures: 20 unless given. */
  readonly epochs?: number | undefined
  /** `flip`: in the fine-tuning, pictures are mirrored at random. */
  readonly augment?: 'flip' | undefined
  /** The seed for which pictures are set aside and for the order of the fine-tuning: an integer from 0 to 2^32 - 1; 0 unless given. */
  readonly seed?: number | undefined
  /** Called after each picture, head or training step. */
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

/** @throws MobileNetV2Error `OPTION` if an option is wrong, or has no effect together with the others */
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
      refuseOption(name, value, 'no value unless fineTune is given: a head alone is trained until its loss is least')
  }
}
