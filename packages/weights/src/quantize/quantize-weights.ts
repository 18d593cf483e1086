import { type IntegerWeights, type LayerParameters, MobileNetV2Error, type WeightedLayer } from '@mobilenetv2/spec'
import { limits, multiplierOf, withoutZeroPoint } from '../integer-arithmetic.js'
import type { StoredActivation } from '../stored-integers.js'

const largestWeight = 127

/** The largest bias, which leaves room for the sums in 32 bits. */
const largestBias = 2 ** 30

/** The least scale of a channel, also of one with zeros only. */
const leastScale = 2 ** -100

/** Kernel and bias of a layer in integers. */
export interface QuantizedWeights {
  /** In the layout of the layer's `kernelShape`, from -127 to 127. */
  readonly kernel: Int16Array
  /** Float32s, one for each output channel. */
  readonly scales: Float32Array
  readonly bias: Int32Array
}

/** The real number that a sum of 1 stands for, from the scales of input and kernel. */
export function sumScale(input: number, scale: number): number {
  return Math.fround(input * scale)
}

/**
 * Turns kernel and bias into integers: symmetric, with a scale for each output channel. The bias has the scale of the sums.
 * @param input the scale of the layer's input
 * @throws MobileNetV2Error `PARAMETERS` if a parameter is not a finite number
 */
export function quantizeWeights({ id, biasLength }: WeightedLayer, parameters: LayerParameters, input: number): QuantizedWeights {
  const scales = new Float32Array(biasLength).fill(leastScale)
  // If the weights of a channel are tiny beside its bias, its scale is raised until the bias fits.
  const raise = (channel: number, scale: number): void => {
    if (!Number.isFinite(scale)) {
      throw new MobileNetV2Error('PARAMETERS', 'A parameter is not a finite number.', { where: `layer ${id}` })
    }
    scales[channel] = Math.max(scales[channel]!, scale)
  }
  for (const [at, weight] of parameters.kernel.entries()) raise(at % biasLength, Math.abs(weight) / largestWeight)
  for (const [channel, value] of parameters.bias.entries()) raise(channel, Math.abs(value) / input / largestBias)
  const held = (value: number): number => Math.min(Math.max(Math.round(value), -largestWeight), largestWeight)
  const kernel = new Int16Array(parameters.kernel.length)
  for (let at = 0; at < kernel.length; at++) kernel[at] = held(parameters.kernel[at]! / scales[at % biasLength]!)
  return {
    kernel,
    scales,
    bias: Int32Array.from(parameters.bias, (value, channel) => Math.round(value / sumScale(input, scales[channel]!))),
  }
}

/** The least scale of a layer's output with which no multiplier is larger than LiteRT's kernels allow. */
export function leastOutputScale({ scales }: QuantizedWeights, input: number): number {
  const largest = scales.reduce((most, scale) => Math.max(most, scale), 0)
  // A little more than the bound itself, which is not allowed.
  return Math.fround(((input * largest) / limits.multiplier) * (1 + 2 ** -20))
}

/** Subtracts the mean error of each channel from its bias. */
export function correctBias(weights: QuantizedWeights, input: number, errors: Float64Array): QuantizedWeights {
  const bias = weights.bias.map((value, channel) => {
    const corrected = value - Math.round(errors[channel]! / sumScale(input, weights.scales[channel]!))
    return Math.min(Math.max(corrected, -largestBias), largestBias)
  })
  return { ...weights, bias }
}

/** The integers of the layer as backends run them. */
export function integerWeights(
  { kernel, scales, bias }: QuantizedWeights,
  input: number,
  output: StoredActivation,
): Omit<IntegerWeights, 'addition'> {
  const multipliers = scales.map((scale) => multiplierOf(input, scale, output.scale))
  return { kind: 'weights', kernel, bias, multipliers, output: withoutZeroPoint(output) }
}

/** The real numbers that the integers stand for. */
export function dequantized({ kernel, scales, bias }: QuantizedWeights, input: number): LayerParameters {
  const weights = new Float32Array(kernel.length)
  for (let at = 0; at < kernel.length; at++) weights[at] = kernel[at]! * scales[at % scales.length]!
  return {
    kernel: weights,
    bias: Float32Array.from(bias, (value, channel) => value * sumScale(input, scales[channel]!)),
  }
}
