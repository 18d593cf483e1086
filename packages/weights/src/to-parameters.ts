import {
  type Architecture,
  isWeighted,
  type LayerId,
  type LayerParameters,
  type Parameters,
  type WeightedLayer,
} from '@mobilenetv2/spec'
import { canonicalKernel } from './canonical-kernel.js'
import type { Checkpoint, StoredTensor } from './checkpoint.js'
import { CheckpointError } from './checkpoint-error.js'
import { canonicalStrides, channelAxis } from './layout.js'
import type { LayerTensorNames } from './namings/naming.js'
import { vectorValues } from './values.js'

function tensorOf(checkpoint: Checkpoint, name: string): StoredTensor {
  const tensor = checkpoint.tensors.get(name)
  if (tensor === undefined) throw new CheckpointError('A tensor is missing.', { tensor: name })
  return tensor
}

/**
 * The bias and BatchNorm of a layer as one factor and one offset for each channel. BatchNorm is gamma x (x + bias - mean) /
 * sqrt(variance + epsilon) + beta, in float64.
 */
function foldBatchNorm(
  checkpoint: Checkpoint,
  { bias, batchNorm }: LayerTensorNames,
  channels: number,
  epsilon: number,
): { factor: Float64Array | null; offset: Float64Array } {
  const vector = (name: string): Float64Array => vectorValues(tensorOf(checkpoint, name), channels)
  const before = bias === null ? new Float64Array(channels) : vector(bias)
  if (batchNorm === null) return { factor: null, offset: before }
  const [gamma, beta, mean, variance] = [batchNorm.gamma, batchNorm.beta, batchNorm.mean, batchNorm.variance].map(vector) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  const negative = variance.findIndex((value) => !(value + epsilon > 0))
  if (negative >= 0) {
    throw new CheckpointError('A variance is negative.', {
      tensor: batchNorm.variance,
      expected: 'values of 0 or more',
      got: `${variance[negative]} at index ${negative}`,
    })
  }
  const factor = gamma.map((value, channel) => value / Math.sqrt(variance[channel]! + epsilon))
  return { factor, offset: beta.map((value, channel) => value + (before[channel]! - mean[channel]!) * factor[channel]!) }
}

const notFinite = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]

function checkFinite(values: Float32Array, tensor: string): void {
  // The engine's own search is fast from the first call on, where a loop of ours would first have to be compiled.
  if (notFinite.some((value) => values.includes(value))) {
    const index = values.findIndex((value) => !Number.isFinite(value))
    throw new CheckpointError('A parameter is not a finite number.', {
      tensor,
      got: `${values[index]} at index ${index} of the layer`,
    })
  }
}

function layerParameters(
  checkpoint: Checkpoint,
  layer: WeightedLayer,
  tensors: LayerTensorNames,
  epsilon: number,
): LayerParameters {
  const stored = tensorOf(checkpoint, tensors.kernel)
  const strides = canonicalStrides(stored, layer, tensors.layout)
  const { factor, offset } = foldBatchNorm(checkpoint, tensors, layer.biasLength, epsilon)
  const kernel = canonicalKernel(stored, strides, channelAxis(layer, tensors.layout), factor)
  const bias = new Float32Array(offset)
  checkFinite(kernel, tensors.kernel)
  checkFinite(bias, tensors.bias ?? tensors.batchNorm?.beta ?? tensors.kernel)
  return { kernel, bias }
}

/**
 * A checkpoint's tensors as the parameters of an architecture: dequantised, BatchNorm folded in float64 with the architecture's
 * epsilon, in the layouts of `Parameters`, float32. If the stored values need no change, they are a view of the file's bytes, which
 * must not change afterwards.
 * @param tensors of each weighted layer
 * @throws CheckpointError if a tensor is missing, of another shape or not finite
 */
export function toParameters(
  checkpoint: Checkpoint,
  tensors: ReadonlyMap<LayerId, LayerTensorNames>,
  { layers, batchNormEpsilon }: Architecture,
): Parameters {
  const weighted = layers.filter(isWeighted)
  return new Map(weighted.map((layer) => [layer.id, layerParameters(checkpoint, layer, tensors.get(layer.id)!, batchNormEpsilon)]))
}
