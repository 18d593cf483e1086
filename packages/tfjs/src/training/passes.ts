import { isWeighted, type Layer, type LayerId } from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'
import { tensorShape } from '../device-parameters.js'
import { tidied } from '../tidied.js'
import type { Entry } from './frozen.js'
import { crossEntropy } from './loss.js'
import { backward, type ForwardPass, forward, type NamedTensors, type TensorName } from './network.js'
import { interleave, patches } from './rows.js'
import { namedArrays, type UnfoldedParameters } from './unfolded.js'

/** The trained layers, and the current values of their parameters. */
export interface TrainedLayers {
  readonly layers: readonly Layer[]
  readonly parameters: UnfoldedParameters
  readonly batchNormEpsilon: number
  readonly labelSmoothing: number
  /** The weight of a picture of each class, with the mean 1 over the dataset; null if all weigh 1. */
  readonly classWeights: readonly number[] | null
}

/** The batch of one step. */
export interface Batch {
  readonly entries: readonly Entry[]
  /** The class index of each picture. */
  readonly labels: readonly number[]
  /** `[pictures x features]`: 0 where a feature is dropped, 1 / (1 - rate) elsewhere; null for no dropout. */
  readonly dropout: Float32Array | null
}

/** Arrays by the names of their tensors. */
export type NamedArrays = ReadonlyMap<TensorName, Float32Array>

/** The statistics over a batch of a layer's output before its BatchNorm. */
export interface Statistics {
  readonly mean: Float32Array
  /** The biased variance. */
  readonly variance: Float32Array
  /** The number of positions in all pictures. */
  readonly count: number
}

function uploadTrained({ layers, parameters }: TrainedLayers): NamedTensors {
  return new Map(
    layers.filter(isWeighted).flatMap((layer) =>
      namedArrays(layer.id, parameters.get(layer.id)!).map(([name, values]) => {
        const shape = name.endsWith('.kernel') ? tensorShape(layer) : [layer.biasLength]
        return [name, tf.tensor(values, shape)] as const
      }),
    ),
  )
}

/** Uploads one map of each picture as `[positions, pictures x channels]`. */
function rowsOf(maps: readonly Float32Array[], channels: number): tf.Tensor2D {
  const rows = interleave(maps, channels)
  const columns = maps.length * channels
  return tf.tensor2d(rows, [rows.length / columns, columns])
}

function beforeFirst(first: Layer, entries: readonly Entry[]): tf.Tensor2D {
  const maps = entries.map(({ before }) => before)
  if (first.kind !== 'convolution') return rowsOf(maps, first.input.channels)
  return rowsOf(
    maps.map((map) => patches(first, map)),
    first.kernelSize ** 2 * first.input.channels,
  )
}

/** The forward pass of a batch. Call it in a tidy. */
function run({ layers, batchNormEpsilon }: TrainedLayers, tensors: NamedTensors, { entries, dropout }: Batch): ForwardPass {
  const shortcuts = new Map<LayerId, tf.Tensor>()
  for (const { residual, output } of layers) {
    if (residual === null || !entries[0]!.shortcuts.has(residual)) continue
    const maps = entries.map((entry) => entry.shortcuts.get(residual)!)
    shortcuts.set(residual, rowsOf(maps, output.channels))
  }
  const input = {
    pictures: entries.length,
    before: beforeFirst(layers[0]!, entries),
    shortcuts,
    dropout: dropout === null ? null : tf.tensor2d(dropout, [1, dropout.length]),
  }
  return forward(layers, tensors, input, batchNormEpsilon)
}

/** Reads tensors back as one concatenated tensor, because on some backends each read waits for the device. `make` is called in a tidy. */
async function readTensors<Name extends string>(
  make: () => readonly (readonly [Name, tf.Tensor])[],
): Promise<ReadonlyMap<Name, Float32Array>> {
  const { all, names, sizes } = tidied(() => {
    const made = make()
    return {
      all: tf.concat(made.map(([, tensor]) => tf.reshape(tensor, [tensor.size]))),
      names: made.map(([name]) => name),
      sizes: made.map(([, { size }]) => size),
    }
  })
  try {
    const values = await all.data<'float32'>()
    let end = 0
    return new Map(
      names.map((name, place) => {
        end += sizes[place]!
        return [name, values.slice(end - sizes[place]!, end)]
      }),
    )
  } finally {
    all.dispose()
  }
}

/** The loss of a batch and its gradients with respect to every kernel, bias, gamma and beta. */
export async function findGradients(trained: TrainedLayers, batch: Batch): Promise<{ loss: number; gradients: NamedArrays }> {
  const found = await readTensors<TensorName | 'loss'>(() => {
    const tensors = uploadTrained(trained)
    const pass = run(trained, tensors, batch)
    const { loss, gradient } = crossEntropy(pass.logits as tf.Tensor2D, batch.labels, trained.labelSmoothing, trained.classWeights)
    const mask = batch.dropout === null ? null : tf.tensor2d(batch.dropout, [1, batch.dropout.length])
    return [['loss', loss], ...backward(pass, tensors, mask, gradient)]
  })
  const { loss, ...gradients } = Object.fromEntries(found)
  return { loss: loss![0]!, gradients: new Map(Object.entries(gradients)) as unknown as NamedArrays }
}

/** The statistics of a batch in every layer with a BatchNorm. */
export async function findStatistics(trained: TrainedLayers, entries: readonly Entry[]): Promise<ReadonlyMap<LayerId, Statistics>> {
  const found = await readTensors<TensorName>(() =>
    run(trained, uploadTrained(trained), { entries, labels: [], dropout: null }).traces.flatMap(({ layer, normalized }) =>
      normalized === null
        ? []
        : [
            [`${layer.id}.mean` as TensorName, normalized.mean] as const,
            [`${layer.id}.variance` as TensorName, normalized.variance] as const,
          ],
    ),
  )
  const normalized = trained.layers.filter(({ id }) => found.has(`${id}.mean`))
  return new Map(
    normalized.map(({ id, output }) => [
      id,
      {
        mean: found.get(`${id}.mean`)!,
        variance: found.get(`${id}.variance`)!,
        count: output.height * output.width * entries.length,
      },
    ]),
  )
}

/** The outputs of all layers before their activations, for finding the first one that is not finite. */
export function findOutputs(trained: TrainedLayers, batch: Batch): Promise<ReadonlyMap<LayerId, Float32Array>> {
  return readTensors(() =>
    run(trained, uploadTrained(trained), batch).traces.flatMap(({ layer, linearOutput }) =>
      linearOutput === null ? [] : [[layer.id, linearOutput] as const],
    ),
  )
}
