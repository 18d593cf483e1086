import {
  type Architecture,
  type IntegerActivation,
  type IntegerAddition,
  type IntegerInput,
  type IntegerParameters,
  type IntegerPool,
  type IntegerWeights,
  inputLength,
  isWeighted,
  type LayerId,
  MobileNetV2Error,
  roundToEven,
  type WeightedLayer,
} from '@mobilenetv2/spec'
import { layerSums } from './layer-sums.js'

const { fround } = Math

function held(value: number, { least, most }: IntegerActivation): number {
  return Math.min(Math.max(value, least), most)
}

/** The output of a layer before a residual is added. */
function weighted(layer: WeightedLayer, weights: IntegerWeights, input: Int16Array): Int16Array {
  const { bias, multipliers, output } = weights
  const sums = new Int32Array(layer.output.height * layer.output.width * bias.length)
  layerSums(layer, input, weights, sums)
  return Int16Array.from(sums, (sum, at) => held(roundToEven(fround(fround(sum) * multipliers[at % bias.length]!)), output))
}

/** input [positions, channels] → [1, channels] */
function pooled({ inputZeroPoint, rounding, output }: IntegerPool, input: Int16Array, channels: number): Int16Array {
  const positions = input.length / channels
  const sums = new Float64Array(channels).fill(positions * inputZeroPoint)
  for (let i = 0; i < input.length; i++) sums[i % channels]! += input[i]!
  if (rounding.by === 'division') {
    const mean = (sum: number): number => Math.sign(sum) * Math.floor((2 * Math.abs(sum) + positions) / (2 * positions))
    return Int16Array.from(sums, (sum) => held(mean(sum) - inputZeroPoint, output))
  }
  const { multiplier, offset, zeroPoint } = rounding
  const mean = (sum: number): number => roundToEven(fround(fround(fround(sum) * multiplier) + offset)) - zeroPoint
  return Int16Array.from(sums, (sum) => held(mean(sum), output))
}

/** Adds the residual to the output of a layer. */
function added(
  { ownMultiplier, residualMultiplier, shift, output }: IntegerAddition,
  own: Int16Array,
  residual: Int16Array,
): Int16Array {
  return own.map((value, at) => {
    const sum = value * ownMultiplier + residual[at]! * residualMultiplier + 2 ** (shift - 1)
    return held(Math.floor(sum / 2 ** shift), output)
  })
}

/** Quantises a picture `[height, width, 3]`. */
function quantized(input: Float32Array, integers: IntegerInput): Int16Array {
  const { factor, offset } = integers
  return Int16Array.from(input, (value, at) =>
    held(roundToEven(fround(fround(value * factor[at % 3]!) + offset[at % 3]!)), integers),
  )
}

/**
 * Runs a quantised network layer by layer and keeps the output of each layer. It is slow and simple, and gives bit for bit what TensorFlow
 * Lite computes with XNNPACK.
 * @param input float32 `[height, width, 3]`, as the network's preprocessing gives it
 * @returns for each layer the integers of its output minus their zero point, `[height, width, channels]`, with the residual added
 * @throws MobileNetV2Error `INPUT` if the input's length is wrong; `PARAMETERS` if a layer has no integers of its kind
 */
export function runIntegerReference(
  architecture: Architecture,
  integers: IntegerParameters,
  input: Float32Array,
): ReadonlyMap<LayerId, Int16Array> {
  const length = inputLength(architecture)
  if (input.length !== length) {
    throw new MobileNetV2Error('INPUT', 'The input does not have the length of a picture.', {
      expected: `${length} values`,
      got: String(input.length),
    })
  }
  const activations = new Map<LayerId, Int16Array>()
  let before = quantized(input, integers.input)
  for (const layer of architecture.layers) {
    const parameters = integers.layers.get(layer.id)
    if (parameters?.kind === 'pool' && layer.kind === 'globalAveragePool') {
      before = pooled(parameters, before, layer.output.channels)
    } else if (parameters?.kind === 'weights' && isWeighted(layer)) {
      before = weighted(layer, parameters, before)
      if (parameters.addition !== null) before = added(parameters.addition, before, activations.get(layer.residual!)!)
    } else throw new MobileNetV2Error('PARAMETERS', 'A layer has no integers of its kind.', { where: layer.id })
    activations.set(layer.id, before)
  }
  return activations
}
