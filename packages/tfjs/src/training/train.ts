import { createPause } from '@mobilenetv2/runtime'
import type { Parameters } from '@mobilenetv2/spec'
import type { TrainingCheckpoint } from './checkpoint.js'
import type { TrainOptions } from './options.js'
import { createTraining } from './training.js'
import { foldParameters, type UnfoldedParameters } from './unfolded.js'

/** The result of a training. */
export interface TrainingResult {
  /** The parameters for every backend, with BatchNorm folded into kernels and biases. */
  readonly parameters: Parameters
  /** The parameters with their BatchNorms, for further training. */
  readonly unfolded: UnfoldedParameters
  /** The state of the training, with which a training of more epochs can go on. */
  readonly checkpoint: TrainingCheckpoint
  /** The loss of each step of this call, in nats. */
  readonly losses: readonly number[]
}

/**
 * Trains a network on the current backend of TensorFlow.js: BatchNorm by the statistics of the batch, dropout before the classifier,
 * cross-entropy, SGD or Adam. Frozen layers run as in inference, once for each picture. At the end the statistics of BatchNorm are computed
 * from pictures of the dataset; there are no running averages. On the same backend, a training that is interrupted and resumed gives the
 * same bits as one that is not.
 * @throws MobileNetV2Error `OPTION` and `INPUT` if an option, a label or a picture does not fit; `PARAMETERS` if parameters do not fit, or
 * if the training diverges (the error names the step and the layer); `CHECKPOINT` if the checkpoint to resume does not fit; `BACKEND` if
 * TensorFlow.js has no backend, or if its backend changes meanwhile; the signal's reason
 * @example
 * ```ts
 * import { type Dataset, initialParameters, train } from '@mobilenetv2/tfjs'
 * import type { Architecture, Parameters } from '@mobilenetv2/spec'
 *
 * async function trained(architecture: Architecture, dataset: Dataset): Promise<Parameters> {
 *   const optimizer = { learningRate: 0.05 }
 *   const parameters = initialParameters(architecture)
 *   return (await train({ architecture, parameters, dataset, optimizer, epochs: 10 })).parameters
 * }
 * ```
 */
export async function train(options: TrainOptions): Promise<TrainingResult> {
  const training = await createTraining(options)
  const { onProgress, checkpoint, signal, architecture } = options
  const losses: number[] = []
  try {
    const pause = createPause(signal)
    for (let step = training.start; step < training.total; step++) {
      signal?.throwIfAborted()
      const loss = await training.step(step)
      losses.push(loss)
      const done = step + 1
      onProgress?.({ done, total: training.total, epoch: Math.floor(step / training.stepsPerEpoch), loss })
      if (checkpoint && done % checkpoint.every === 0) await checkpoint.save(training.checkpoint(done))
      await pause()
    }
    const unfolded = await training.finished()
    return {
      parameters: foldParameters(architecture, unfolded),
      unfolded,
      checkpoint: training.checkpoint(training.total),
      losses,
    }
  } finally {
    training.dispose()
  }
}
