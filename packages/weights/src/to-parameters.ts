import {
  type Architecture,
  isWeighted,
  type LayerId,
  type LayerParameters,
  type Parameters,
  type WeightedLayer,
} from '@mobilenetv2/spec'
import { canonicalKernel } from './canonical-kernel.js'
import { type Checkpoint, type StoredTensor, valueCount } from './checkpoint.js'
import { CheckpointError } from './checkpoint-error.js'
import type { BatchNormNames } from './graph/graph.js'
import { canonicalStrides, channelAxis } from './layout.js'
import type { LayerTensorNames } from './namings/naming.js'
import { greyWeights } from './stem-channels.js'
import { vectorValues } from './values.js'

function tensorOf(checkpoint: Checkpoint, name: string): StoredTensor {
  const tensor = checkpoint.tensors.get(name)
  if (tensor === undefined) throw new CheckpointError('A tensor is missing.', { tensor: name })
  return tensor
}

/** y = factor x + offset, by channel. */
interface ChannelAffine {
  readonly factor: Float64Array
  readonly offset: Float64Array
}

/** A BatchNorm, gamma (x - mean) / sqrt(variance + epsilon) + beta, as a factor and an offset for each channel, in float64. */
function batchNormAffine(checkpoint: Checkpoint, names: BatchNormNames, channels: number, usualEpsilon: number): ChannelAffine {
  const vector = (name: string | null, otherwise: number): Float64Array =>
    name === null ? new Float64Array(channels).fill(otherwise) : vectorValues(tensorOf(checkpoint, name), channels)
  const [gamma, beta] = [vector(names.gamma, 1), vector(names.beta, 0)]
  const [mean, variance] = [vector(names.mean, 0), vector(names.variance, 1)]
  // What is a product and a sum alone has no epsilon.
  const epsilon = names.variance === null ? 0 : (names.epsilon ?? usualEpsilon)
  const negative = variance.findIndex((value) => !(value + epsilon > 0))
  if (negative >= 0) {
    throw new CheckpointError('A variance is negative.', {
      tensor: names.variance ?? undefined,
      expected: 'values of 0 or more',
      got: `${variance[negative]} at index ${negative}`,
    })
  }
  const factor = gamma.map((value, channel) => value / Math.sqrt(variance[channel]! + epsilon))
  return { factor, offset: beta.map((value, channel) => value - mean[channel]! * factor[channel]!) }
}

/** The bias and BatchNorm of a layer's output as one factor and one offset for each channel; no factor if there is no BatchNorm. */
function outputAffine(
  checkpoint: Checkpoint,
  { bias, batchNorm }: LayerTensorNames,
  channels: number,
  epsilon: number,
): { readonly factor: Float64Array | null; readonly offset: Float64Array } {
  const before = bias === null ? new Float64Array(channels) : vectorValues(tensorOf(checkpoint, bias), channels)
  if (batchNorm === null) return { factor: null, offset: before }
  const { factor, offset } = batchNormAffine(checkpoint, batchNorm, channels, epsilon)
  return { factor, offset: offset.map((value, channel) => value + before[channel]! * factor[channel]!) }
}

/** Folds a BatchNorm of a dense layer's input into its kernel `[inputs, outputs]` and its offsets. Both are changed. */
function foldInput({ factor, offset }: ChannelAffine, kernel: Float32Array, offsets: Float64Array): void {
  const outputs = offsets.length
  for (let at = 0; at < kernel.length; at++) {
    // A map is flattened with its channels innermost.
    const channel = Math.floor(at / outputs) % factor.length
    const weight = kernel[at]!
    offsets[at % outputs]! += offset[channel]! * weight
    kernel[at] = weight * factor[channel]!
  }
}

/** Weighs the three equal channels of a kernel `[3, 3, 3, outputs]` as grey does. The kernel is changed. */
function weighGrey(kernel: Float32Array, outputs: number): void {
  for (let at = 0; at < kernel.length; at++) kernel[at] = kernel[at]! * greyWeights[Math.floor(at / outputs) % greyWeights.length]!
}

/** The channels of a BatchNorm of a dense layer's input: one for each input, or one for each channel of a flattened map. */
function inputChannels(checkpoint: Checkpoint, { gamma, beta, mean, variance }: BatchNormNames, layer: WeightedLayer): number {
  const name = gamma ?? beta ?? mean ?? variance
  const [inputs] = layer.kernelShape
  const channels = name === null ? inputs : (tensorOf(checkpoint, name).shape[0] ?? 0)
  return channels > 0 && inputs % channels === 0 ? channels : inputs
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
  const { factor, offset } = outputAffine(checkpoint, tensors, layer.biasLength, epsilon)
  let kernel = canonicalKernel(stored, strides, channelAxis(layer, tensors.layout), factor)
  if (tensors.inputBatchNorm) {
    const channels = inputChannels(checkpoint, tensors.inputBatchNorm, layer)
    kernel = kernel.slice()
    foldInput(batchNormAffine(checkpoint, tensors.inputBatchNorm, channels, epsilon), kernel, offset)
  }
  if (layer.id === 'stem' && kernel.length > valueCount(stored.shape)) weighGrey(kernel, layer.biasLength)
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
