import { createPause } from '@mobilenetv2/runtime'
import { type Architecture, inputLength, isWeighted, MobileNetV2Error, type Parameters } from '@mobilenetv2/spec'
import { requireTfjsBackend } from '../tfjs-backend.js'
import { checkVelocities, type TrainingCheckpoint } from './checkpoint.js'
import { checkDataset, readPictures } from './dataset.js'
import { checkTrainOptions, type TrainOptions } from './options.js'
import { permutation, uniform } from './random.js'
import { splitLayers } from './trainable.js'
import { createTrainer } from './trainer.js'
import { checkUnfolded, foldParameters, isNormalized, type UnfoldedParameters } from './unfolded.js'

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

/** The random numbers of a training are apart by what they are for. */
const streams = { order: 1, dropout: 2 } as const

/** What dropout leaves of a batch's features in one step, scaled so that the mean stays. */
function dropoutMask(length: number, rate: number, seed: number, step: number): Float32Array | null {
  if (rate === 0) return null
  const random = uniform(seed, streams.dropout, step)
  return Float32Array.from({ length }, (_, index) => (random(index) < rate ? 0 : 1 / (1 - rate)))
}

/** BatchNorm learns nothing from one position: its variance is 0, and the unbiased one has no value. */
function checkPositions(architecture: Architecture, { trainable = 'all', parameters }: TrainOptions, batch: number): void {
  if (batch > 1) return
  const single = splitLayers(architecture, trainable).trained.find((layer) => {
    const own = parameters.get(layer.id)
    return isWeighted(layer) && own !== undefined && isNormalized(own) && layer.output.height * layer.output.width === 1
  })
  if (single === undefined) return
  throw new MobileNetV2Error('OPTION', 'BatchNorm cannot train on a batch of one where a layer has one position.', {
    where: `option batch; layer ${single.id}`,
    expected: '2 or more',
    got: '1',
    remedy: 'Use larger batches or larger pictures, or train only the classifier.',
  })
}

/** A new training's checkpoint, or the one to resume, checked. */
function startOf({ architecture, parameters, resume, seed = 0 }: TrainOptions, total: number): TrainingCheckpoint {
  const start = resume ?? { step: 0, seed, parameters, velocities: new Map() }
  checkUnfolded(architecture, start.parameters)
  checkVelocities(architecture, start)
  if (start.seed !== seed || start.step > total) {
    throw new MobileNetV2Error('OPTION', 'The checkpoint to resume is of another training.', {
      where: 'option resume',
      expected: `seed ${seed}, at most ${total} steps`,
      got: `seed ${start.seed}, ${start.step} steps`,
    })
  }
  return start
}

/**
 * Trains a network on the tfjs backend that is set, as the note's module trains in PyTorch: BatchNorm with the batch's statistics,
 * its averages with momentum 0.1 and the unbiased variance, dropout before the classifier, cross entropy, SGD. Layers that do not
 * train run as in inference. A training that is interrupted and resumed gives the bits of one that is not, on the same backend.
 * @throws MobileNetV2Error `OPTION` and `INPUT` if an option, a label or a picture does not fit; `PARAMETERS` if parameters do
 * not fit, or where the training diverges (which step, and in which layer); `BACKEND` if tfjs has no backend
 */
export async function train(options: TrainOptions): Promise<TrainingResult> {
  checkTrainOptions(options)
  const { architecture, dataset, optimizer, epochs, trainable = 'all', dropout = 0.2, labelSmoothing = 0, seed = 0 } = options
  checkDataset(dataset)
  const size = dataset.labels.length
  const batch = Math.min(options.batch ?? 32, size)
  checkPositions(architecture, options, batch)
  const stepsPerEpoch = Math.floor(size / batch)
  const total = epochs * stepsPerEpoch
  const start = startOf(options, total)
  const features = inputLength(architecture.layers.at(-1)!)
  const device = await requireTfjsBackend()
  const trainer = createTrainer({ ...start, architecture, trainable, labelSmoothing, device })
  const snapshot = async (step: number): Promise<TrainingCheckpoint> => ({
    step,
    seed,
    parameters: await trainer.parameters(),
    velocities: await trainer.velocities(),
  })
  const losses: number[] = []
  try {
    const pause = createPause()
    let order: Uint32Array = new Uint32Array()
    for (let step = start.step; step < total; step++) {
      options.signal?.throwIfAborted()
      const epoch = Math.floor(step / stepsPerEpoch)
      const place = step % stepsPerEpoch
      if (place === 0 || order.length === 0) order = permutation(size, uniform(seed, streams.order, epoch))
      const indices = order.subarray(place * batch, (place + 1) * batch)
      const { learningRate, momentum = 0.9, weightDecay = 4e-5 } = optimizer
      const loss = await trainer.step(
        {
          pixels: await readPictures(architecture, dataset, indices),
          labels: Array.from(indices, (index) => dataset.labels[index]!),
          dropout: dropoutMask(batch * features, dropout, seed, step),
        },
        { learningRate: typeof learningRate === 'number' ? learningRate : learningRate(epoch), momentum, weightDecay },
        step + 1,
      )
      losses.push(loss)
      options.onProgress?.({ done: step + 1, total, epoch, loss })
      if (options.checkpoint && (step + 1) % options.checkpoint.every === 0) await options.checkpoint.save(await snapshot(step + 1))
      await pause()
    }
    const checkpoint = await snapshot(total)
    return { parameters: foldParameters(architecture, checkpoint.parameters), unfolded: checkpoint.parameters, checkpoint, losses }
  } finally {
    trainer.dispose()
  }
}
