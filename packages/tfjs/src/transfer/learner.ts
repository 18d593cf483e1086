import * as tf from '@tensorflow/tfjs-core'
import { tidied } from '../tidied.js'
import { columnSums } from '../training/linear.js'
import { crossEntropy } from '../training/loss.js'
import { type SgdStep, sgdStep } from '../training/sgd.js'

/** Normalised features `[pictures, length]`, and the class index of each picture. */
export interface LearnerGroup {
  readonly rows: Float32Array
  readonly labels: readonly number[]
}

/** Softmax regression on the device. */
export interface Learner {
  /** One step of gradient descent: the loss before it, and after it that of the pictures set aside. */
  step(): Promise<{ trainingLoss: number; validationLoss: number | null }>
  /** A copy of kernel and bias as they are now. */
  read(): Promise<{ kernel: Float32Array; bias: Float32Array }>
  dispose(): void
}

// Of features whose mean square length is 1 the loss's curvature is at most 1/2, so that this rate cannot diverge.
const descent: SgdStep = { learningRate: 1, momentum: 0.9, weightDecay: 1e-5 }

/** A layer of zeros, and the groups that it learns from and is judged by. */
export function createLearner(training: LearnerGroup, validation: LearnerGroup | null, length: number, classes: number): Learner {
  const upload = ({ rows, labels }: LearnerGroup): tf.Tensor2D => tf.keep(tf.tensor2d(rows, [labels.length, length]))
  const rows = upload(training)
  const aside = validation === null ? null : upload(validation)
  let kernel: tf.Tensor = tf.keep(tf.zeros([length, classes]))
  let bias: tf.Tensor = tf.keep(tf.zeros([classes]))
  let velocities: { kernel: tf.Tensor; bias: tf.Tensor } | null = null
  const transposed = tf.keep(tf.transpose(rows))

  const lossOf = (x: tf.Tensor, labels: readonly number[]): ReturnType<typeof crossEntropy> =>
    crossEntropy(tf.add(tf.matMul(x, kernel), bias), labels, 0)

  return {
    async step() {
      const made = tidied(() => {
        const { loss, gradient } = lossOf(rows, training.labels)
        return {
          loss,
          kernel: sgdStep(kernel, tf.matMul(transposed, gradient), velocities?.kernel ?? null, descent),
          bias: sgdStep(bias, columnSums(gradient), velocities?.bias ?? null, descent),
        }
      })
      tf.dispose([kernel, bias, ...(velocities === null ? [] : [velocities.kernel, velocities.bias])])
      kernel = tf.keep(made.kernel.value)
      bias = tf.keep(made.bias.value)
      velocities = { kernel: tf.keep(made.kernel.velocity), bias: tf.keep(made.bias.velocity) }
      const judged = aside === null ? null : tidied(() => lossOf(aside, validation!.labels).loss)
      const [trainingLoss] = await made.loss.data()
      const [validationLoss] = judged === null ? [null] : await judged.data()
      tf.dispose([made.loss, ...(judged === null ? [] : [judged])])
      return { trainingLoss: trainingLoss!, validationLoss: validationLoss ?? null }
    },
    async read() {
      return { kernel: (await kernel.data<'float32'>()).slice(), bias: (await bias.data<'float32'>()).slice() }
    },
    dispose() {
      tf.dispose([rows, transposed, kernel, bias, ...(aside === null ? [] : [aside])])
      if (velocities !== null) tf.dispose([velocities.kernel, velocities.bias])
    },
  }
}
