import { createPause } from '@mobilenetv2/runtime'
import { checkOptionNames, type Global } from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'
import { countOption, seedOption, shareOption } from '../option-checks.js'
import { requireTfjsBackend } from '../tfjs-backend.js'
import { tidied } from '../tidied.js'
import { type ConfusionMatrix, confusionMatrix } from './confusion.js'
import { checkFeatures, type FeatureSet } from './features.js'
import { createLearner, type LearnerGroup } from './learner.js'
import { normalizeFeatures } from './normalize.js'
import { splitByClass } from './split.js'

/** A new last layer for a frozen backbone, and how well it does. */
export interface Head {
  /** In the order of the logits. */
  readonly classNames: readonly string[]
  /** `[features, classes]`, for features as the backbone gives them. */
  readonly kernel: Float32Array
  readonly bias: Float32Array
  /** The epoch, from 1, whose kernel and bias these are. */
  readonly epoch: number
  /** On the pictures that it learned from. */
  readonly training: ConfusionMatrix
  /** On those set aside; null where none were. */
  readonly validation: ConfusionMatrix | null
}

/** Losses after one epoch. */
export interface HeadProgress {
  readonly done: number
  readonly total: number
  readonly trainingLoss: number
  readonly validationLoss: number | null
}

/** What `trainHead` takes beside its examples. */
export interface TrainHeadOptions {
  /** Passes over the examples, at most: 1 or more; 300 unless given. */
  readonly epochs?: number | undefined
  /** The share of each class that is set aside to judge by, never its last picture: 0 to 1 (exclusive); 0.2 unless given. */
  readonly validation?: number | undefined
  /** Ends after so many epochs without a smaller loss on the pictures set aside: 1 or more; 30 unless given. */
  readonly patience?: number | undefined
  /** Of the choice of pictures to set aside, an integer: 0 unless given. */
  readonly seed?: number | undefined
  readonly onProgress?: ((progress: HeadProgress) => void) | undefined
  /** Ends the training with the signal's reason. */
  readonly signal?: Global<'AbortSignal'> | undefined
}

/** Pictures a batch where answers are counted: it bounds the memory. */
const answerBatch = 1024

function group({ length, labels }: FeatureSet, features: Float32Array, pictures: readonly number[]): LearnerGroup | null {
  if (pictures.length === 0) return null
  const rows = new Float32Array(pictures.length * length)
  pictures.forEach((picture, row) => {
    rows.set(features.subarray(picture * length, (picture + 1) * length), row * length)
  })
  return { rows, labels: pictures.map((picture) => labels[picture]!) }
}

/** The class with the largest logit of each picture. */
async function answersOf(
  { length, classNames, features }: FeatureSet,
  kernel: Float32Array,
  bias: Float32Array,
): Promise<number[]> {
  const answers: number[] = []
  const classes = classNames.length
  for (let start = 0; start * length < features.length; start += answerBatch) {
    const part = features.subarray(start * length, (start + answerBatch) * length)
    const indices = tidied(() => {
      const rows = tf.tensor2d(part.slice(), [part.length / length, length])
      const logits = tf.add(tf.matMul(rows, tf.tensor2d(kernel.slice(), [length, classes])), tf.tensor1d(bias.slice()))
      return tf.argMax(logits, 1)
    })
    answers.push(...(await indices.data()))
    indices.dispose()
  }
  return answers
}

/**
 * Trains a new head for a frozen backbone on the tfjs backend that is set: softmax regression by gradient descent over all examples
 * at once, which ends early where the pictures set aside say so, and then keeps the best epoch. Equal for equal seeds.
 * @throws MobileNetV2Error `INPUT` if a class has no picture, or a feature is no finite number; `OPTION` for options out of range;
 * `BACKEND` if tfjs has no backend
 */
export async function trainHead(examples: FeatureSet, options: TrainHeadOptions = {}): Promise<Head> {
  checkOptionNames(options, ['epochs', 'validation', 'patience', 'seed', 'onProgress', 'signal'])
  const { onProgress, signal } = options
  const epochs = countOption('epochs', options.epochs ?? 300)
  const patience = countOption('patience', options.patience ?? 30)
  const share = shareOption('validation', options.validation ?? 0.2)
  const seed = seedOption(options.seed ?? 0)
  checkFeatures(examples)
  await requireTfjsBackend()
  const { classNames, labels, length } = examples
  const normalized = normalizeFeatures(examples)
  const split = splitByClass(labels, share, seed)
  const [training, aside] = [split.training, split.validation].map((pictures) => group(examples, normalized.features, pictures))
  const learner = createLearner(training!, aside ?? null, length, classNames.length)
  try {
    const pause = createPause()
    let best: { epoch: number; loss: number; kernel: Float32Array; bias: Float32Array } | null = null
    for (let epoch = 1; epoch <= epochs; epoch++) {
      signal?.throwIfAborted()
      const losses = await learner.step()
      onProgress?.({ done: epoch, total: epochs, ...losses })
      await pause()
      if (losses.validationLoss === null) continue
      if (best === null || losses.validationLoss < best.loss) {
        best = { epoch, loss: losses.validationLoss, ...(await learner.read()) }
      } else if (epoch - best.epoch >= patience) break
    }
    const chosen = best ?? { epoch: epochs, ...(await learner.read()) }
    const { kernel, bias } = normalized.restore(chosen.kernel, chosen.bias)
    const answers = await answersOf(examples, kernel, bias)
    const matrixOf = (pictures: readonly number[]): ConfusionMatrix => {
      const of = (values: readonly number[]): number[] => pictures.map((picture) => values[picture]!)
      return confusionMatrix(classNames, of(labels), of(answers))
    }
    return {
      classNames,
      kernel,
      bias,
      epoch: chosen.epoch,
      training: matrixOf(split.training),
      validation: split.validation.length === 0 ? null : matrixOf(split.validation),
    }
  } finally {
    learner.dispose()
  }
}
