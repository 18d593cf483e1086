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

/**
 * The parts of a network that fine-tuning needs; a `Network` of `@mobilenetv2/weights` has them. Its classifier must already have the
 * classes of the dataset.
 */
export interface PretrainedNetwork {
  /** The layers. */
  readonly architecture: Architecture
  /** The weights, with BatchNorm folded. */
  readonly parameters: Parameters
  /** The BatchNorms that were folded, as far as they are known. */
  readonly batchNorms: BatchNorms
}

/** Options of `fineTune`. The others are those of `train`, with one other default: `trainable` is `{ last: 10 }` unless given. */
export interface FineTuneOptions extends Pick<TrainOptions, (typeof sharedOptionNames)[number]> {
  /** The most epochs, passes over the dataset: 20 unless given. */
  readonly epochs?: number | undefined
  /** The number of pictures in a step: 16 unless given. */
  readonly batch?: number | undefined
  /** Unless given, Adam with the learning rate `cosine(0.0001)`. */
  readonly optimizer?: TrainOptions['optimizer'] | undefined
  /**
   * `fixed` unless given: layers are trained as kernel and bias, with BatchNorm folded, so that the training starts from the network's own
   * answers. `trained`: BatchNorm normalises by the statistics of batches, and they are computed again after each epoch. This is for many
   * pictures: with few, the network forgets more than it learns. Layers whose BatchNorm the file does not have are `fixed` in any case.
   */
  readonly batchNorm?: 'fixed' | 'trained' | undefined
  /**
   * The pictures that choose the best epoch: the share of each class that is held out, or a separate dataset. 0.2 unless given.
   * With 0 the last epoch is kept.
   */
  readonly validation?: number | Dataset | undefined
  /** The training ends after this many epochs without a lower validation loss: 5 unless given. */
  readonly patience?: number | undefined
}

/** The result of one epoch. */
export interface EpochReport {
  /** The number of the epoch, from 1; 0 stands for the network before the training. */
  readonly epoch: number
  /** The mean loss of the steps in this epoch; null before the training. */
  readonly loss: number | null
  /** The validation after this epoch; null if no pictures are held out. */
  readonly validation: Validation | null
}

/** A network after its fine-tuning. */
export interface FineTuned extends PretrainedNetwork {
  /** The network before the training, and after each epoch. */
  readonly history: readonly EpochReport[]
  /** The epoch that these parameters come from: the one with the least validation loss, or the last one if no pictures are held out. */
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

/** The BatchNorms that still belong to the parameters. A kernel that was trained with its BatchNorm folded has other statistics now. */
function normsAfter(before: BatchNorms, learned: ReadonlySet<LayerId>, own: BatchNorms): BatchNorms {
  return new Map([...[...before].filter(([id]) => !learned.has(id)), ...own])
}

/** Splits the pictures for training from those that are held out. */
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
 * Fine-tunes a pretrained network on the current backend of TensorFlow.js. Unless options say otherwise, it trains the last 10 layers with
 * weights, and the learning rate warms up and falls along a cosine. It gives the parameters of the epoch with the least validation loss;
 * that may be the network before the training. Frozen layers run only once for each picture. A head for new classes should be
 * trained alone before this. The loss is that of softmax, so the network's output must be read by softmax too, and the integers of a
 * quantised network are those before the training.
 * @throws MobileNetV2Error `OPTION` and `INPUT` if an option, a label or a picture does not fit; `PARAMETERS` if parameters do not fit, or
 * if the training diverges; `BACKEND` if TensorFlow.js has no backend; the signal's reason. It never throws `CHECKPOINT`, because it
 * resumes no training
 * @example
 * ```ts
 * import { type Dataset, fineTune } from '@mobilenetv2/tfjs'
 * import type { Network } from '@mobilenetv2/weights'
 *
 * async function tune(network: Network, dataset: Dataset): Promise<Network> {
 *   const { parameters, batchNorms } = await fineTune(network, dataset, { trainable: { from: 'block14.expand' } })
 *   return { ...network, parameters, batchNorms, integers: null, classes: { ...network.classes, output: 'softmax' } }
 * }
 * ```
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
