import { createPause } from '@mobilenetv2/runtime'
import type { Parameters } from '@mobilenetv2/spec'
import type { TrainingCheckpoint } from './checkpoint.js'
import type { TrainOptions } from './options.js'
import { createTraining } from './training.js'
import { foldParameters, type UnfoldedParameters } from './unfolded.js'

/** What a training gives. */
export interface TrainingResult {
  /** For every backend: BatchNorm folded into kernels and biases. */
  readonly parameters: Parameters
  /** As they trained, for further training and for checkpoint files. */
  readonly unfolded: UnfoldedParameters
  /** Where a training of more epochs can go on. */
  readonly checkpoint: TrainingCheckpoint
  /** The loss of each step that this call made. */
  readonly losses: readonly number[]
}

/**
 * Trains a network on the tfjs backend that is set: BatchNorm with the batch's statistics, dropout before the classifier, cross entropy,
 * SGD or Adam. Layers that do not train run as in inference, once for a picture. At the end the statistics of BatchNorm are computed from
 * pictures of the dataset, in place of running averages. A training that is interrupted and resumed gives the bits of one that is not, on
 * the same backend.
 * @throws MobileNetV2Error `OPTION` and `INPUT` if an option, a label or a picture does not fit; `PARAMETERS` if parameters do
 * not fit, or where the training diverges (which step, and in which layer); `CHECKPOINT` if the checkpoint to resume does not fit;
 * `BACKEND` if tfjs has no backend
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
