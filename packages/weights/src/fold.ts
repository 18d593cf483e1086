import type { BatchNorm, WeightedLayer } from '@mobilenetv2/spec'
import type { Checkpoint } from './checkpoint.js'
import { CheckpointError } from './checkpoint-error.js'
import type { BatchNormNames } from './graph/graph.js'
import { greyWeights } from './stem-channels.js'
import { tensorOf, vectorValues } from './values.js'

/** A factor and an offset for each channel: y = factor x + offset. */
interface ChannelAffine {
  readonly factor: Float64Array
  readonly offset: Float64Array
}

/** The four vectors of a BatchNorm in float64, and its epsilon. A vector that the file leaves out gets the values that change nothing. */
function batchNormVectors(checkpoint: Checkpoint, names: BatchNormNames, channels: number, usualEpsilon: number) {
  const vector = (name: string | null, otherwise: number): Float64Array =>
    name === null ? new Float64Array(channels).fill(otherwise) : vectorValues(tensorOf(checkpoint, name), channels)
  const [gamma, beta] = [vector(names.gamma, 1), vector(names.beta, 0)]
  const [mean, variance] = [vector(names.mean, 0), vector(names.variance, 1)]
  // A multiplication and an addition have no epsilon.
  const epsilon = names.variance === null ? 0 : (names.epsilon ?? usualEpsilon)
  const negative = variance.findIndex((value) => !(value + epsilon > 0))
  if (negative >= 0) {
    throw new CheckpointError('A variance is negative.', {
      tensor: names.variance ?? undefined,
      expected: 'values of 0 or more',
      got: `${variance[negative]} at index ${negative}`,
    })
  }
  return { gamma, beta, mean, variance, epsilon }
}

/** A BatchNorm, gamma (x - mean) / sqrt(variance + epsilon) + beta, as a factor and an offset for each channel, in float64. */
function affineOf({ gamma, beta, mean, variance, epsilon }: ReturnType<typeof batchNormVectors>): ChannelAffine {
  const factor = gamma.map((value, channel) => value / Math.sqrt(variance[channel]! + epsilon))
  return { factor, offset: beta.map((value, channel) => value - mean[channel]! * factor[channel]!) }
}

/**
 * The BatchNorm of a layer's output, and the layer's bias before it, as a factor and an offset for each channel. `batchNorm` is the
 * same BatchNorm, rewritten for a layer without a bias and for the usual epsilon.
 * @param bias a value for each channel
 */
export function foldOutput(
  checkpoint: Checkpoint,
  names: BatchNormNames,
  bias: Float64Array,
  usualEpsilon: number,
): ChannelAffine & { batchNorm: BatchNorm } {
  const vectors = batchNormVectors(checkpoint, names, bias.length, usualEpsilon)
  const { gamma, mean, variance, epsilon } = vectors
  const { factor, offset } = affineOf(vectors)
  return {
    factor,
    offset: offset.map((value, channel) => value + bias[channel]! * factor[channel]!),
    batchNorm: {
      gamma: Float32Array.from(gamma),
      mean: Float32Array.from(mean, (value, channel) => value - bias[channel]!),
      variance: Float32Array.from(variance, (value) => value + (epsilon - usualEpsilon)),
    },
  }
}

/** The number of channels of the BatchNorm of a dense layer's input: one for each input, or one for each channel of a flattened map. */
function inputChannels(checkpoint: Checkpoint, { gamma, beta, mean, variance }: BatchNormNames, layer: WeightedLayer): number {
  const name = gamma ?? beta ?? mean ?? variance
  const [inputs] = layer.kernelShape
  const channels = name === null ? inputs : (tensorOf(checkpoint, name).shape[0] ?? 0)
  return channels > 0 && inputs % channels === 0 ? channels : inputs
}

/**
 * Folds the BatchNorm of a dense layer's input into the layer. The offsets are changed in place. The kernel `[inputs, outputs]` is
 * not: a changed copy of it is returned.
 */
export function foldInput(
  checkpoint: Checkpoint,
  batchNorm: BatchNormNames,
  layer: WeightedLayer,
  epsilon: number,
  { kernel, offsets }: { readonly kernel: Float32Array; readonly offsets: Float64Array },
): Float32Array {
  const outputs = offsets.length
  const channels = inputChannels(checkpoint, batchNorm, layer)
  const { factor, offset } = affineOf(batchNormVectors(checkpoint, batchNorm, channels, epsilon))
  return kernel.map((weight, at) => {
    // In a flattened map the channels are innermost.
    const channel = Math.floor(at / outputs) % channels
    offsets[at % outputs]! += offset[channel]! * weight
    return weight * factor[channel]!
  })
}

/** Sets each of the three channels of a kernel `[3, 3, 3, outputs]` to the sum of all three. */
export function sumChannels(kernel: Float32Array, outputs: number): Float32Array {
  const channels = greyWeights.length
  return kernel.map((_, at) => {
    const first = Math.floor(at / (channels * outputs)) * channels * outputs + (at % outputs)
    return kernel[first]! + kernel[first + outputs]! + kernel[first + 2 * outputs]!
  })
}

/** Multiplies the three equal channels of a kernel `[3, 3, 3, outputs]` by the weights of red, green and blue in grey. */
export function weighGrey(kernel: Float32Array, outputs: number): Float32Array {
  return kernel.map((weight, at) => weight * greyWeights[Math.floor(at / outputs) % greyWeights.length]!)
}
