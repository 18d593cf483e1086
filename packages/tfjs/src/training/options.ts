import { type Architecture, MobileNetV2Error } from '@mobilenetv2/spec'
import type { TrainingCheckpoint } from './checkpoint.js'
import type { Dataset } from './dataset.js'
import type { SgdOptions } from './sgd.js'
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
  readonly optimizer: SgdOptions
  /** Passes over the dataset: 1 or more. */
  readonly epochs: number
  /** Pictures a step: 1 or more; 32 unless given, or all where there are fewer. What is left over in an epoch waits for another. */
  readonly batch?: number | undefined
  /** `all` unless given. */
  readonly trainable?: Trainable | undefined
  /** The share of features that a step drops before the classifier: 0 to 1 (exclusive); 0.2 unless given. */
  readonly dropout?: number | undefined
  /** The share of the target that is spread over all classes: 0 to 1 (exclusive); 0 unless given. */
  readonly labelSmoothing?: number | undefined
  /** Of the order of pictures and of dropout, an integer: 0 unless given. */
  readonly seed?: number | undefined
  /** Called after each step. */
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined
  /** Called with a copy after every so many steps, and waited for. */
  readonly checkpoint?: {
    readonly every: number
    readonly save: (checkpoint: TrainingCheckpoint) => void | Promise<void>
  }
  /** Goes on from here; the other options must be those that the interrupted training had. */
  readonly resume?: TrainingCheckpoint | undefined
  /** Ends the training with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

function check(name: string, value: number, fits: boolean, expected: string): void {
  if (fits) return
  throw new MobileNetV2Error('OPTION', `The option ${name} is out of its range.`, {
    where: `option ${name}`,
    expected,
    got: String(value),
  })
}

/** @throws MobileNetV2Error `OPTION` at the first option out of its range */
export function checkTrainOptions(options: TrainOptions): void {
  const { epochs, batch = 1, dropout = 0, labelSmoothing = 0, seed = 0, optimizer, checkpoint, architecture, dataset } = options
  const counts = { epochs, batch, 'checkpoint.every': checkpoint?.every ?? 1 }
  for (const [name, value] of Object.entries(counts)) {
    check(name, value, Number.isSafeInteger(value) && value >= 1, 'an integer of 1 or more')
  }
  const shares = { dropout, labelSmoothing, 'optimizer.momentum': optimizer.momentum ?? 0 }
  for (const [name, value] of Object.entries(shares)) check(name, value, value >= 0 && value < 1, '0 to 1, 1 excluded')
  const { learningRate, weightDecay = 0 } = optimizer
  check('optimizer.weightDecay', weightDecay, weightDecay >= 0 && weightDecay < Infinity, 'a number of 0 or more')
  if (typeof learningRate === 'number') {
    check('optimizer.learningRate', learningRate, learningRate > 0 && learningRate < Infinity, 'a number above 0')
  }
  if (architecture.layers.at(-1)?.id !== 'classifier') {
    throw new MobileNetV2Error('OPTION', 'A network without a classifier cannot be trained.', { where: 'option architecture' })
  }
  check('seed', seed, Number.isSafeInteger(seed), 'an integer')
  check(
    'dataset.classNames',
    dataset.classNames.length,
    dataset.classNames.length === architecture.classes,
    `${architecture.classes} names, as many as the architecture has classes`,
  )
}
