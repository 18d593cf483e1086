import { brandOf, checkOptionNames, type Global, refuseOption, signalOption, typeOption } from '@mobilenetv2/spec'
import type { Classifier } from './classifier-prior.js'
import { balancedWeights, checkFeatureSet, type FeatureSet } from './feature-set.js'

/** How far a training is. */
export interface TrainHeadProgress {
  /** Layers that are fitted; one is fitted for each fold and strength of the penalty, and one at last. */
  readonly done: number
  /** Layers that are fitted at most. */
  readonly total: number
  /** Steps of the layer that is being fitted. */
  readonly step: number
  /** Its loss after that step. */
  readonly loss: number
}

/** What `trainHead` takes beside its examples. */
export interface TrainHeadOptions {
  /**
   * The pictures by which the head is judged, and by which the strength of the penalty is chosen. `auto`, unless given: five folds of
   * up to 1000 pictures; a fifth of each class where there are more. A number above 0 and below 1: that share of each class, but never
   * its last picture. 0: none. Or examples of their own.
   */
  readonly validation?: 'auto' | number | FeatureSet | undefined
  /**
   * What a picture of each class counts for: a number above 0 a class; or `balanced`, by which all classes count alike. 1 each, unless
   * given.
   */
  readonly classWeights?: 'balanced' | readonly number[] | undefined
  /**
   * The last layer that the backbone was trained with: `[length, classes]` for at least half as many classes as features, such as
   * ImageNet's 1000. A new class is then expected to weigh features as those classes do, unless pictures that are held out say
   * otherwise. With few pictures that makes the head far better; beyond 1000 pictures it has no effect.
   */
  readonly classifier?: Classifier | undefined
  /** Decides which pictures are held out, an integer: 0 unless given. */
  readonly seed?: number | undefined
  readonly onProgress?: ((progress: TrainHeadProgress) => void) | undefined
  /** Ends the training with the signal's reason. */
  readonly signal?: Global<'AbortSignal'> | undefined
}

/** Options that are checked, with what stands for those that are missing. */
export interface CheckedOptions {
  readonly validation: 'auto' | number | FeatureSet
  /** Of each class. */
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
    return refuseOption('validation', value, "'auto', a share of 0 to 1 (1 excluded), or examples")
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
    return refuseOption('classWeights', value, `'balanced', or ${count} numbers: one a class`)
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
  if (!kernel!.every(Number.isFinite))
    return refuseOption('classifier.kernel', 'a value that is no finite number', 'finite numbers')
  return { kernel: kernel! }
}

/** @throws MobileNetV2Error `OPTION` if an option is unknown or not allowed; `INPUT` if examples to judge by are no examples */
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
