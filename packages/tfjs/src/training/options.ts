import {
  type Architecture,
  checkOptionNames,
  type Global,
  integerOption,
  MobileNetV2Error,
  refuseOption,
  signalOption,
  typeOption,
} from '@mobilenetv2/spec'
import { countOption, seedOption, shareOption } from '../option-checks.js'
import type { Augment } from './augment.js'
import type { TrainingCheckpoint } from './checkpoint.js'
import type { Dataset } from './dataset.js'
import { checkOptimizerOptions, type OptimizerOptions } from './optimizer.js'
import type { Trainable } from './trainable.js'
import type { UnfoldedParameters } from './unfolded.js'

/** How far a training is. */
export interface TrainingProgress {
  /** Steps done, of so many in all. */
  readonly done: number
  readonly total: number
  /** The epoch that the step belonged to, from 0. */
  readonly epoch: number
  /** The step's mean loss. */
  readonly loss: number
}

/** What `train` takes. */
export interface TrainOptions {
  readonly architecture: Architecture
  /** `initialParameters(architecture)`, a former training's, or the parameters of a pretrained model. */
  readonly parameters: UnfoldedParameters
  readonly dataset: Dataset
  readonly optimizer: OptimizerOptions
  /** Passes over the dataset: 1 or more. */
  readonly epochs: number
  /** Pictures a step: 1 or more; 32 unless given, or all where there are fewer. What is left over in an epoch waits for another. */
  readonly batch?: number | undefined
  /** `all` unless given. */
  readonly trainable?: Trainable | undefined
  /**
   * Vary each picture before each step, one after the other; none unless given. What frozen layers give is then computed anew for each step.
   */
  readonly augment?: readonly Augment[] | undefined
  /** How many bytes of what frozen layers give are kept, so that they run once for a picture: 0 or more; 1 GiB unless given. */
  readonly cacheBytes?: number | undefined
  /** The share of features that a step drops before the classifier: 0 to 1 (exclusive); 0.2 unless given. */
  readonly dropout?: number | undefined
  /** The share of the target that is spread over all classes: 0 to 1 (exclusive); 0 unless given. */
  readonly labelSmoothing?: number | undefined
  /** What a picture of each class counts for in the loss, in the order of the classes: numbers above 0; 1 each unless given. */
  readonly classWeights?: readonly number[] | undefined
  /** Of the order of pictures, of dropout and of variations, an integer: 0 unless given. */
  readonly seed?: number | undefined
  /** Called after each step. */
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined
  /** Called with a copy after every so many steps, and waited for. */
  readonly checkpoint?:
    | {
        readonly every: number
        readonly save: (checkpoint: TrainingCheckpoint) => void | Promise<void>
      }
    | undefined
  /** Goes on from here; the other options must be those that the interrupted training had. */
  readonly resume?: TrainingCheckpoint | undefined
  /** Ends the training with the signal's reason. */
  readonly signal?: Global<'AbortSignal'> | undefined
}

/** The options that fine-tuning takes as they are. */
export const sharedOptionNames = [
  'trainable',
  'augment',
  'cacheBytes',
  'dropout',
  'labelSmoothing',
  'classWeights',
  'seed',
  'onProgress',
  'signal',
] as const

/** Every name of `TrainOptions`. */
const trainOptionNames: readonly (keyof TrainOptions)[] = [
  'architecture',
  'parameters',
  'dataset',
  'optimizer',
  'epochs',
  'batch',
  'checkpoint',
  'resume',
  ...sharedOptionNames,
]

function augmentOption(augment: readonly Augment[] = []): void {
  if (!Array.isArray(augment) || !augment.every((vary) => typeof vary === 'function')) {
    refuseOption('augment', augment, 'functions, such as [randomFlip]')
  }
}

/** @throws MobileNetV2Error `OPTION` at the first option that is unknown or has a value that is not allowed */
export function checkTrainOptions(options: TrainOptions): void {
  checkOptionNames(options, trainOptionNames)
  const { epochs, batch = 1, dropout = 0, labelSmoothing = 0, seed = 0, optimizer, checkpoint, architecture, dataset } = options
  countOption('epochs', epochs)
  augmentOption(options.augment)
  integerOption('cacheBytes', options.cacheBytes ?? 0, 0, Number.MAX_SAFE_INTEGER)
  typeOption('onProgress', options.onProgress, 'function')
  signalOption(options.signal)
  countOption('batch', batch)
  if (checkpoint !== undefined) {
    checkOptionNames(checkpoint, ['every', 'save'])
    countOption('checkpoint.every', checkpoint.every)
  }
  shareOption('dropout', dropout)
  shareOption('labelSmoothing', labelSmoothing)
  checkOptimizerOptions(optimizer)
  if (architecture.layers.at(-1)?.id !== 'classifier') {
    throw new MobileNetV2Error('OPTION', 'A network without a classifier cannot be trained.', { where: 'option architecture' })
  }
  seedOption(seed)
  const { classWeights = dataset.classNames.map(() => 1) } = options
  const isWeight = (weight: number): boolean => Number.isFinite(weight) && weight > 0
  if (!Array.isArray(classWeights) || classWeights.length !== dataset.classNames.length || !classWeights.every(isWeight)) {
    refuseOption('classWeights', classWeights, `${dataset.classNames.length} finite numbers above 0, one a class`)
  }
  if (dataset.classNames.length !== architecture.classes) {
    refuseOption(
      'dataset.classNames',
      dataset.classNames.length,
      `${architecture.classes} names, as many as the architecture has classes`,
    )
  }
}
