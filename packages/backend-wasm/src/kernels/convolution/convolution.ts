import { type Code, call, type NewLocal, plus } from '@mobilenetv2/assembler'
import { roundUp } from '@mobilenetv2/runtime'
import type { ConvolutionLayer } from '@mobilenetv2/spec'
import { indexed } from '../../codegen/addresses.js'
import { forEachUnit } from '../../codegen/loops.js'
import { alignment, vectorBytes } from '../../memory-contract.js'
import type { Numbers } from '../../numbers/numbers.js'
import type { KernelParameters, KernelType, PackedWeights } from '../kernel-type.js'
import {
  inputsAtOnce,
  outputPixelBytes,
  type ProductInput,
  type ProductShape,
  productShape,
  productWeightBytes,
  productWeights,
} from '../pointwise/product.js'
import { pointwiseRow } from '../pointwise/tile.js'
import { inputLayout, windowRows, windowShape } from '../window.js'
import { type PatchShape, patchRow } from './patches.js'

/** A full convolution, row by row: the patches of one output row are gathered, then multiplied like the pixels of a pointwise layer. */
export interface ConvolutionShape {
  readonly window: PatchShape
  readonly product: ProductShape
}

/** @param outputBytes the bytes of a value of the output */
export function convolutionShape(
  layer: ConvolutionLayer,
  input: ProductInput,
  outputBytes?: ProductShape['outputBytes'],
): ConvolutionShape {
  const { inputStride, inputBytes, numbers } = input
  const border = numbers.border(layer.id)
  const window = {
    ...windowShape(layer, inputStride, inputBytes),
    lineValues: roundUp(layer.kernelSize * inputStride, inputsAtOnce(inputBytes)),
    border,
    hasOwnRow: border !== numbers.outside,
  }
  const products = layer.kernelSize * window.lineValues
  return {
    window,
    product: productShape(layer, layer.output.width, products, { ...input, inputStride: products }, outputBytes),
  }
}

export function convolutionWeights<Layer>({ window, product }: ConvolutionShape, numbers: Numbers<Layer>): PackedWeights<Layer> {
  const { kernelSize, lineValues, channels } = window
  const taps = [...Array(kernelSize).keys()]
  const starts = taps.flatMap((row) => taps.map((column) => row * lineValues + column * channels))
  const products = productWeights(product, numbers, starts)
  return {
    bytes: convolutionWeightBytes({ window, product }),
    pack(layer, memory, address) {
      products.pack(layer, memory, address)
      new Uint8Array(memory, address + products.bytes, borderBytes(window)).fill(window.border)
    },
  }
}

/** The bytes of the convolution's own border row, behind the weights. It is read in place of rows above and below the map. */
function borderBytes({ hasOwnRow, inputWidth, channels, inputBytes }: PatchShape): number {
  return hasOwnRow ? roundUp(inputWidth * channels * inputBytes, alignment) : 0
}

export function convolutionWeightBytes({ window, product }: ConvolutionShape): number {
  return productWeightBytes(product) + borderBytes(window)
}

/** The addresses of the input rows under the window of output row `row`, as `windowRows` gives them. */
export function convolutionRows(
  local: NewLocal,
  { window, product }: ConvolutionShape,
  row: Code<'i32'>,
  { input, weights }: Pick<KernelParameters, 'input' | 'weights'>,
): ReturnType<typeof windowRows> {
  const outside = window.hasOwnRow ? plus(weights.get, productWeightBytes(product)) : undefined
  return windowRows(local, window, row, input.get, inputLayout(window), outside)
}

/** The bytes of one row of patches, including those that its last vector writes behind it. */
export function patchRowBytes({ product }: ConvolutionShape): number {
  return roundUp(product.pixels * product.inputs * product.inputBytes + vectorBytes, alignment)
}

/** A full convolution; a unit is an output row. */
export const convolution: KernelType<ConvolutionShape> = {
  take: ({ layers: [layer], ...input }) =>
    layer?.kind === 'convolution' ? { layerCount: 1, shape: convolutionShape(layer, input) } : null,
  needs: (shape, numbers) => ({
    units: shape.window.outputHeight,
    weights: [convolutionWeights(shape, numbers)],
    scratchBytes: patchRowBytes(shape),
    zeroBytes: inputLayout(shape.window).rowBytes,
  }),
  emit(emitter, shape, { input, weights, output, residual, scratch, begin, end }, local) {
    const { window, product } = shape
    const rowBytes = product.pixels * outputPixelBytes(product)
    const { set, addresses } = convolutionRows(local, shape, begin.get, { input, weights })
    return forEachUnit(begin, end, [
      ...set,
      call(patchRow(emitter, window), ...addresses, scratch.get),
      call(
        pointwiseRow(emitter, product),
        scratch.get,
        weights.get,
        indexed(output.get, begin.get, rowBytes),
        indexed(residual.get, begin.get, rowBytes),
      ),
    ])
  },
}
