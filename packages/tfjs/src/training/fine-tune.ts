import { createPause } from '@mobilenetv2/runtime'
import {
  type Architecture,
  type BatchNorms,
  checkOptionNames,
  choiceOption,
  type LayerId,
  type Parameters,
  refuseOption,
} from '@mobilenetv2/spec'
import { countOption, seedOption, shareOption } from '../option-checks.js'
import { checkDataset, checkLabels, type Dataset } from './dataset.js'
import { holdOut } from './hold-out.js'
import { sharedOptionNames, type TrainOptions } from './options.js'
import { cosine } from './schedule.js'
import { createTraining } from './training.js'
import { batchNormsOf, foldParameters, type UnfoldedParameters, unfoldParameters } from './unfolded.js'
import { type Validation, validate } from './validation.js'

/** The parts of a network that is read, that fine-tuning starts from. Its last layer is for the classes of the dataset. */
export interface PretrainedNetwork {
  readonly architecture: Architecture
  readonly parameters: Parameters
  readonly batchNorms: BatchNorms
}

/** What `fineTune` takes beside a network and a dataset. All else is as for `train`. */
export interface FineTuneOptions extends Pick<TrainOptions, (typeof sharedOptionNames)[number]> {
  /** Passes over the dataset, at most: 20 unless given. */
  readonly epochs?: number | undefined
  /** Pictures a step: 16 unless given. */
  readonly batch?: number | undefined
  /** Adam with a rate that warms up to 0.0001 and falls along a cosine, unless given. */
  readonly optimizer?: TrainOptions['optimizer'] | undefined
  /**
   * `fixed` unless given: layers train as kernel and bias, BatchNorm folded in, so that the training starts from what the network answers.
   * `trained`: BatchNorm normalises by the statistics of batches, which are computed anew after each epoch. That is for many pictures: on few
   * it forgets more than it learns. Layers whose BatchNorm the file does not keep are `fixed` in any case.
   */
  readonly batchNorm?: 'fixed' | 'trained' | undefined
  /** The share of each class that is held out to choose the best epoch, or other pictures for that: 0.2 unless given; 0 keeps the last epoch. */
  readonly validation?: number | Dataset | undefined
  /** The training ends after so many epochs without a better validation loss: 5 unless given. */
  readonly patience?: number | undefined
}

/** What an epoch came to. */
export interface EpochReport {
  /** From 1; 0 is the network before the training. */
  readonly epoch: number
  /** The mean of the losses of its steps; null before the training. */
  readonly loss: number | null
  /** After it; null if nothing is held out. */
  readonly validation: Validation | null
}

/** A network after its fine-tuning. */
export interface FineTuned extends PretrainedNetwork {
  readonly history: readonly EpochReport[]
  /** The epoch whose parameters these are: that of the least validation loss, or the last if nothing is held out. */
  readonly keptEpoch: number
}

const names: readonly (keyof FineTuneOptions)[] = [
  ...sharedOptionNames,
  'epochs',
  'batch',
  'batchNorm',
  'optimizer',
  'validation',
  'patience',
]

/** The BatchNorms that still belong to the parameters: a kernel that learned with its own folded in has other statistics. */
function normsAfter(before: BatchNorms, learned: ReadonlySet<LayerId>, own: BatchNorms): BatchNorms {
  return new Map([...[...before].filter(([id]) => !learned.has(id)), ...own])
}

/** What was held out, with the pictures that are trained on. */
function splitDataset(
  dataset: Dataset,
  validation: number | Dataset,
  seed: number,
): { readonly kept: Dataset; readonly held: Dataset | null } {
  if (typeof validation === 'object' && validation !== null) {
    const [own, other] = [dataset.classNames, validation.classNames].map((names) => JSON.stringify(names))
    if (own !== other) refuseOption('validation', other, `pictures of the classes ${own}`)
    checkLabels(validation)
    if (validation.labels.length === 0) refuseOption('validation', [], 'one picture or more')
    return { kept: dataset, held: validation }
  }
  return holdOut(dataset, shareOption('validation', validation), seed)
}

/**
 * Fine-tunes a pretrained network on the tfjs backend that is set: the last 10 layers with weights, a learning rate that warms up and falls
 * along a cosine, and the parameters of the epoch with the least validation loss, that before the training included. Frozen layers run once
 * for a picture. A head for new classes is best trained alone first.
 * @throws MobileNetV2Error as `train`
 */
export async function fineTune(
  { architecture, parameters, batchNorms }: PretrainedNetwork,
  dataset: Dataset,
  options: FineTuneOptions = {},
): Promise<FineTuned> {
  checkOptionNames(options, names)
  const { trainable = { last: 10 }, epochs = 20, batch = 16, validation = 0.2, patience = 5, seed = 0, ...rest } = options
  const { optimizer = { kind: 'adam', learningRate: cosine(1e-4) }, onProgress, signal, batchNorm = 'fixed', ...others } = rest
  choiceOption('batchNorm', batchNorm, ['fixed', 'trained'])
  countOption('patience', patience)
  checkDataset(dataset)
  const { kept, held } = splitDataset(dataset, validation, seedOption(seed))
  const start = batchNorm === 'fixed' ? parameters : unfoldParameters(architecture, parameters, batchNorms)
  const training = await createTraining({
    ...others,
    architecture,
    parameters: start,
    dataset: kept,
    trainable,
    epochs,
    batch,
    optimizer,
    seed,
    signal,
    onProgress,
  })
  const { total, stepsPerEpoch, trained } = training
  const pause = createPause(signal)
  const read = held === null ? null : training.entriesOf(held)
  const judge = async (unfolded: UnfoldedParameters): Promise<Validation | null> =>
    held === null || read === null
      ? null
      : validate(architecture, trained.layers, unfolded, held, read, pause, trained.classWeights)
  try {
    let best = { epoch: 0, unfolded: start, validation: await judge(start) }
    const history: EpochReport[] = [{ epoch: 0, loss: null, validation: best.validation }]
    for (let epoch = 1; epoch <= epochs && epoch <= best.epoch + patience; epoch++) {
      let sum = 0
      for (let step = (epoch - 1) * stepsPerEpoch; step < epoch * stepsPerEpoch; step++) {
        signal?.throwIfAborted()
        const loss = await training.step(step)
        sum += loss
        onProgress?.({ done: step + 1, total, epoch: epoch - 1, loss })
        await pause()
      }
      const isLast = epoch === epochs
      const unfolded = held !== null || isLast ? await training.finished() : start
      const validated = await judge(unfolded)
      history.push({ epoch, loss: sum / stepsPerEpoch, validation: validated })
      if (validated === null || best.validation === null || validated.loss < best.validation.loss) {
        best = { epoch, unfolded, validation: validated }
      }
    }
    const learned = new Set(trained.layers.map(({ id }) => id))
    const own = new Map([...best.unfolded].filter(([id]) => learned.has(id)))
    const part = { ...architecture, layers: trained.layers }
    return {
      architecture,
      parameters: new Map([...parameters, ...foldParameters(part, own)]),
      batchNorms: best.epoch === 0 ? batchNorms : normsAfter(batchNorms, learned, batchNormsOf(own)),
      history,
      keptEpoch: best.epoch,
    }
  } finally {
    training.dispose()
  }
}
