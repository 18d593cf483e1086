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

/** How far a training has come: `done` of `total` steps. */
export interface TrainingProgress {
  /** The number of finished steps. */
  readonly done: number
  /** The number of all steps. */
  readonly total: number
  /** The epoch of the step, from 0. */
  readonly epoch: number
  /** The mean loss of the step, in nats. */
  readonly loss: number
}

/** Options of `train`. */
export interface TrainOptions {
  /** The network, which must have a classifier for the classes of the dataset. */
  readonly architecture: Architecture
  /**
   * Where the training starts: `initialParameters(architecture)`, the result of a former training, or the parameters of a pretrained
   * network.
   */
  readonly parameters: UnfoldedParameters
  /** The pictures and their classes. */
  readonly dataset: Dataset
  /** The optimizer and its learning rate. */
  readonly optimizer: OptimizerOptions
  /** The number of passes over the dataset: 1 or more. */
  readonly epochs: number
  /**
   * The number of pictures in a step: 1 or more; 32 unless given. If the dataset has fewer pictures, a step takes all of them. Each epoch
   * has another random order, and the pictures at its end that do not fill a batch are left out of that epoch.
   */
  readonly batch?: number | undefined
  /** Which layers are trained: `all` unless given. */
  readonly trainable?: Trainable | undefined
  /**
   * Augmentations that are applied to each picture before each step, one after the other; none unless given. With augmentations, frozen
   * layers run again for each step.
   */
  readonly augment?: readonly Augment[] | undefined
  /** The most bytes for caching the outputs of frozen layers, so that they run once for each picture: 0 or more; 1 GiB unless given. */
  readonly cacheBytes?: number | undefined
  /** The share of features that are dropped before the classifier in each step: 0 to below 1; 0.2 unless given. */
  readonly dropout?: number | undefined
  /** The share of the target that is spread over all classes: 0 to below 1; 0 unless given. */
  readonly labelSmoothing?: number | undefined
  /** The weight of a picture in the loss, for each class in the order of the classes: numbers above 0; 1 for each unless given. */
  readonly classWeights?: readonly number[] | undefined
  /** The seed for the order of pictures, for dropout and for augmentations, an integer; 0 unless given. */
  readonly seed?: number | undefined
  /** Called after each step. */
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined
  /** Calls `save` with a copy of the training's state after every `every` steps, and waits for it. */
  readonly checkpoint?:
    | {
        readonly every: number
        readonly save: (checkpoint: TrainingCheckpoint) => void | Promise<void>
      }
    | undefined
  /** A checkpoint from which the training goes on. The other options must be those of the interrupted training. */
  readonly resume?: TrainingCheckpoint | undefined
  /** When it is aborted, the training rejects with its reason. */
  readonly signal?: Global<'AbortSignal'> | undefined
}

/** The options that `train` and `fineTune` have in common. */
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

/** @throws MobileNetV2Error `OPTION` if an option is unknown or out of its range */
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
    refuseOption('classWeights', classWeights, `${dataset.classNames.length} finite numbers above 0, one for each class`)
  }
  if (dataset.classNames.length !== architecture.classes) {
    refuseOption(
      'dataset.classNames',
      dataset.classNames.length,
      `${architecture.classes} names, as many as the architecture has classes`,
    )
  }
}
