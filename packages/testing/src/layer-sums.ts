import type { ConvolutionLayer, DepthwiseLayer, WeightedLayer } from '@mobilenetv2/spec'

/** The values of a layer's input or kernel: floats or integers. */
type Values = Float64Array | Float32Array | Int16Array

/** Sums of floats or of integers. Integer sums wrap around at 32 bits, as in the engines. */
type Sums = Float64Array | Int32Array

/** The input row (or column) that a tap of the kernel reads for an output row (or column); null in the padding. */
function inside(output: number, tap: number, stride: number, before: number, size: number): number | null {
  const position = output * stride + tap - before
  return position >= 0 && position < size ? position : null
}

/** input [height, width, inputs], kernel [kh, kw, inputs, outputs] → sums [height', width', outputs] */
function addConvolution(layer: ConvolutionLayer, input: Values, kernel: Values, sums: Sums): void {
  const { input: from, output: to, kernelSize, stride, padding } = layer
  for (let y = 0; y < to.height; y++) {
    for (let x = 0; x < to.width; x++) {
      const sum = (y * to.width + x) * to.channels
      for (let ky = 0; ky < kernelSize; ky++) {
        const row = inside(y, ky, stride, padding.top, from.height)
        if (row === null) continue
        for (let kx = 0; kx < kernelSize; kx++) {
          const column = inside(x, kx, stride, padding.left, from.width)
          if (column === null) continue
          for (let i = 0; i < from.channels; i++) {
            const value = input[(row * from.width + column) * from.channels + i]!
            const tap = ((ky * kernelSize + kx) * from.channels + i) * to.channels
            for (let o = 0; o < to.channels; o++) sums[sum + o]! += value * kernel[tap + o]!
          }
        }
      }
    }
  }
}

/** input [height, width, channels], kernel [kh, kw, channels] → sums [height', width', channels] */
function addDepthwise(layer: DepthwiseLayer, input: Values, kernel: Values, sums: Sums): void {
  const { input: from, output: to, kernelSize, stride, padding } = layer
  const { channels } = to
  for (let y = 0; y < to.height; y++) {
    for (let x = 0; x < to.width; x++) {
      const sum = (y * to.width + x) * channels
      for (let ky = 0; ky < kernelSize; ky++) {
        const row = inside(y, ky, stride, padding.top, from.height)
        if (row === null) continue
        for (let kx = 0; kx < kernelSize; kx++) {
          const column = inside(x, kx, stride, padding.left, from.width)
          if (column === null) continue
          const source = (row * from.width + column) * channels
          const tap = (ky * kernelSize + kx) * channels
          for (let c = 0; c < channels; c++) sums[sum + c]! += input[source + c]! * kernel[tap + c]!
        }
      }
    }
  }
}

/** input [positions, inputs], kernel [inputs, outputs] → sums [positions, outputs] */
function addMatrixProduct(input: Values, kernel: Values, outputs: number, sums: Sums): void {
  const inputs = kernel.length / outputs
  for (let position = 0; position < sums.length / outputs; position++) {
    const sum = position * outputs
    for (let i = 0; i < inputs; i++) {
      const value = input[position * inputs + i]!
      for (let o = 0; o < outputs; o++) sums[sum + o]! += value * kernel[i * outputs + o]!
    }
  }
}

/** Computes the sums of a layer, [height', width', outputs]: bias plus products, in the order of the kernel. */
export function layerSums(
  layer: WeightedLayer,
  input: Values,
  { kernel, bias }: { readonly kernel: Values; readonly bias: Float32Array | Int32Array },
  sums: Sums,
): void {
  for (let at = 0; at < sums.length; at += bias.length) sums.set(bias, at)
  switch (layer.kind) {
    case 'convolution':
      addConvolution(layer, input, kernel, sums)
      break
    case 'depthwise':
      addDepthwise(layer, input, kernel, sums)
      break
    case 'pointwise':
    case 'dense':
      addMatrixProduct(input, kernel, bias.length, sums)
      break
    default:
      throw new Error(`unknown layer ${layer satisfies never}`)
  }
}
