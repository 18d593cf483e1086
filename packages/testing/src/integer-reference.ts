import {
  type Architecture,
  type ConvolutionLayer,
  type DepthwiseLayer,
  type IntegerActivation,
  type IntegerAddition,
  type IntegerInput,
  type IntegerParameters,
  type IntegerPool,
  type IntegerWeights,
  inputLength,
  type Layer,
  type LayerId,
  MobileNetV2Error,
} from '@mobilenetv2/spec'

const { fround } = Math

/** Added to a number of up to 2^51, it leaves no bits for a fraction. */
const shiftOut = 1.5 * 2 ** 52

/** The nearest integer, ties to even. */
function roundToEven(value: number): number {
  return value + shiftOut - shiftOut
}

function held(value: number, { least, most }: IntegerActivation): number {
  return Math.min(Math.max(value, least), most)
}

/** The input row (or column) under one tap of an output row's window; null in the zeros around the input. */
function inside(output: number, tap: number, stride: number, before: number, size: number): number | null {
  const position = output * stride + tap - before
  return position >= 0 && position < size ? position : null
}

/** input [height, width, inputs], kernel [kh, kw, inputs, outputs] → sums [height', width', outputs] */
function convolution(layer: ConvolutionLayer, input: Int16Array, kernel: Int16Array, sums: Int32Array): void {
  const { input: from, output: to, kernelSize, stride, padding } = layer
  for (let y = 0; y < to.height; y++) {
    for (let x = 0; x < to.width; x++) {
      for (let ky = 0; ky < kernelSize; ky++) {
        const row = inside(y, ky, stride, padding.top, from.height)
        if (row === null) continue
        for (let kx = 0; kx < kernelSize; kx++) {
          const column = inside(x, kx, stride, padding.left, from.width)
          if (column === null) continue
          for (let i = 0; i < from.channels; i++) {
            const value = input[(row * from.width + column) * from.channels + i]!
            const tap = ((ky * kernelSize + kx) * from.channels + i) * to.channels
            const sum = (y * to.width + x) * to.channels
            for (let o = 0; o < to.channels; o++) sums[sum + o]! += value * kernel[tap + o]!
          }
        }
      }
    }
  }
}

/** input [height, width, channels], kernel [kh, kw, channels] → sums [height', width', channels] */
function depthwise(layer: DepthwiseLayer, input: Int16Array, kernel: Int16Array, sums: Int32Array): void {
  const { input: from, output: to, kernelSize, stride, padding } = layer
  const { channels } = to
  for (let y = 0; y < to.height; y++) {
    for (let x = 0; x < to.width; x++) {
      for (let ky = 0; ky < kernelSize; ky++) {
        const row = inside(y, ky, stride, padding.top, from.height)
        if (row === null) continue
        for (let kx = 0; kx < kernelSize; kx++) {
          const column = inside(x, kx, stride, padding.left, from.width)
          if (column === null) continue
          const source = (row * from.width + column) * channels
          const tap = (ky * kernelSize + kx) * channels
          const sum = (y * to.width + x) * channels
          for (let c = 0; c < channels; c++) sums[sum + c]! += input[source + c]! * kernel[tap + c]!
        }
      }
    }
  }
}

/** input [positions, inputs], kernel [inputs, outputs] → sums [positions, outputs] */
function matrixProduct(input: Int16Array, kernel: Int16Array, outputs: number, sums: Int32Array): void {
  const inputs = kernel.length / outputs
  for (let position = 0; position < sums.length / outputs; position++) {
    for (let i = 0; i < inputs; i++) {
      const value = input[position * inputs + i]!
      for (let o = 0; o < outputs; o++) sums[position * outputs + o]! += value * kernel[i * outputs + o]!
    }
  }
}

/** A layer's own output. Sums are kept in 32 bits, so they wrap around as an engine's do. */
function weighted(layer: Layer, { kernel, bias, multipliers, output }: IntegerWeights, input: Int16Array): Int16Array {
  const sums = new Int32Array(layer.output.height * layer.output.width * bias.length)
  for (let at = 0; at < sums.length; at += bias.length) sums.set(bias, at)
  switch (layer.kind) {
    case 'convolution':
      convolution(layer, input, kernel, sums)
      break
    case 'depthwise':
      depthwise(layer, input, kernel, sums)
      break
    case 'pointwise':
    case 'dense':
      matrixProduct(input, kernel, bias.length, sums)
      break
    case 'globalAveragePool':
    case 'globalMaxPool':
      throw new Error(`${layer.id} has no weights`)
    default:
      throw new Error(`unknown layer ${layer satisfies never}`)
  }
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

/** The sum of a layer's own output and its residual. */
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

/** The integers of a picture, whose channels are innermost. */
function quantized(input: Float32Array, integers: IntegerInput): Int16Array {
  const { factor, offset } = integers
  return Int16Array.from(input, (value, at) =>
    held(roundToEven(fround(fround(value * factor[at % 3]!) + offset[at % 3]!)), integers),
  )
}

/**
 * Runs a quantised network layer by layer and keeps the output of each: slow, obvious, and bit for bit what TensorFlow Lite computes
 * with XNNPACK.
 * @param input float32 `[height, width, 3]`, as the network's preprocessing gives it
 * @returns the integers that each layer gives, less their zero point, `[height, width, channels]`, the residual added
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
    if (parameters === undefined || (parameters.kind === 'pool') !== (layer.kind === 'globalAveragePool')) {
      throw new MobileNetV2Error('PARAMETERS', 'A layer has no integers of its kind.', { where: layer.id })
    }
    if (parameters.kind === 'pool') before = pooled(parameters, before, layer.output.channels)
    else {
      before = weighted(layer, parameters, before)
      if (parameters.addition !== null) before = added(parameters.addition, before, activations.get(layer.residual!)!)
    }
    activations.set(layer.id, before)
  }
  return activations
}
