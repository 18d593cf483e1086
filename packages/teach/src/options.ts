import { brandOf, checkOptionNames, type Global, refuseOption, signalOption, typeOption } from '@mobilenetv2/spec'
import type { Classifier } from './classifier-prior.js'
import { balancedWeights, checkFeatureSet, type FeatureSet } from './feature-set.js'

/** How far a training has come. */
export interface TrainHeadProgress {
  /** Number of layers that have been fitted. One is fitted for each fold and each penalty that is tried, and then one to all pictures. */
  readonly done: number
  /** Most layers that will be fitted. */
  readonly total: number
  /** The step of the current fit, from 1. */
  readonly step: number
  /** The loss after that step: mean cross entropy and penalty. */
  readonly loss: number
}

/** The options of `trainHead`. */
export interface TrainHeadOptions {
  /**
   * The pictures that judge the head, and by which the strength of the penalty is chosen. `auto`, the default: up to 1000 pictures are
   * judged in five folds, and of more pictures a fifth of each class is held out. A number above 0 and below 1: that share of each class is
   * held out, but never its last picture. 0: no pictures. A feature set: these pictures, which the head does not learn from.
   */
  readonly validation?: 'auto' | number | FeatureSet | undefined
  /**
   * The weight of a picture of each class: a number above 0 for each class, or `balanced`, with which all classes count alike. 1 for each
   * class unless given.
   */
  readonly classWeights?: 'balanced' | readonly number[] | undefined
  /**
   * The last layer that the backbone was trained with, such as that of ImageNet's 1000 classes: it shows which features matter. With few
   * pictures it makes the head far better. It is used for up to 1000 pictures, if it has at least half as many classes as there are
   * features, and unless the held-out pictures say that the head is better without it.
   */
  readonly classifier?: Classifier | undefined
  /** An integer that decides which pictures are held out; 0 unless given. */
  readonly seed?: number | undefined
  /** Called after each step of a fit. */
  readonly onProgress?: ((progress: TrainHeadProgress) => void) | undefined
  /** When it is aborted, the training rejects with its reason. */
  readonly signal?: Global<'AbortSignal'> | undefined
}

/** The options after they were checked, with the defaults of those that were missing. */
export interface CheckedOptions {
  readonly validation: 'auto' | number | FeatureSet
  /** The weight of a picture of each class. */
  readonly classWeights: readonly number[]
  readonly classifier: Classifier | null
  readonly seed: number
  readonly onProgress: (progress: TrainHeadProgress) => void
  readonly signal: Global<'AbortSignal'> | undefined
}

function validationOption(value: unknown, examples: FeatureSet): 'auto' | number | FeatureSet {
  if (value === 'auto') return value
  if (typeof value === 'number' && value >= 0 && value < 1) return value
  if (typeof value !== 'object' || value === null)
    return refuseOption('validation', value, "'auto', a number from 0 to below 1, or examples")
  const own = value as FeatureSet
  checkFeatureSet(own, 'validation')
  const names = own.classNames
  if (names.length !== examples.classNames.length || names.some((name, index) => name !== examples.classNames[index]))
    refuseOption('validation', names, `examples of the same classes: ${JSON.stringify(examples.classNames)}`)
  if (own.length !== examples.length)
    refuseOption('validation', own.length, `examples of the same length: ${examples.length} features a picture`)
  return own
}

function weightsOption(value: unknown, examples: FeatureSet): readonly number[] {
  const count = examples.classNames.length
  if (value === undefined) return examples.classNames.map(() => 1)
  if (value === 'balanced') return balancedWeights(examples)
  if (!Array.isArray(value) || value.length !== count)
    return refuseOption('classWeights', value, `'balanced', or ${count} numbers: one for each class`)
  const wrong = value.findIndex((weight) => !(Number.isFinite(weight) && weight > 0))
  return wrong < 0 ? value : refuseOption(`classWeights[${wrong}]`, value[wrong], 'a finite number above 0')
}

function classifierOption(value: unknown, { length }: FeatureSet): Classifier | null {
  if (value === undefined) return null
  const { kernel } = (value ?? {}) as Partial<Classifier>
  if (brandOf(kernel) !== 'Float32Array') return refuseOption('classifier', value, 'an object with `kernel`, a Float32Array')
  const classes = kernel!.length / length
  if (!Number.isInteger(classes) || classes === 0)
    return refuseOption('classifier.kernel', `${kernel!.length} values`, `${length} x classes values`)
  // A plain loop, because `every` takes 40 ms for ImageNet's kernel.
  for (let at = 0; at < kernel!.length; at++) {
    if (!Number.isFinite(kernel![at])) return refuseOption(`classifier.kernel[${at}]`, kernel![at], 'a finite number')
  }
  return { kernel: kernel! }
}

/**
 * Checks the options, and fills in those that are missing.
 * @throws MobileNetV2Error `OPTION` if an option is unknown or not allowed; `INPUT` if the feature set of `validation` is not valid
 */
export function checkOptions(options: TrainHeadOptions, examples: FeatureSet): CheckedOptions {
  checkOptionNames(options, ['validation', 'classWeights', 'classifier', 'seed', 'onProgress', 'signal'])
  const { validation = 'auto', classWeights, classifier, seed = 0, onProgress, signal } = options
  typeOption('onProgress', onProgress, 'function')
  signalOption(signal)
  if (!Number.isSafeInteger(seed)) refuseOption('seed', seed, 'an integer')
  return {
    validation: validationOption(validation, examples),
    classWeights: weightsOption(classWeights, examples),
    classifier: classifierOption(classifier, examples),
    seed,
    onProgress: onProgress ?? (() => undefined),
    signal,
  }
}
