import { call } from '@mobilenetv2/assembler'
import { roundUp } from '@mobilenetv2/runtime'
import type { ConvolutionLayer } from '@mobilenetv2/spec'
import { indexed } from '../../codegen/addresses.js'
import { forEachUnit } from '../../codegen/loops.js'
import { alignment, floatBytes, vectorBytes } from '../../memory-contract.js'
import type { KernelType, PackedWeights } from '../kernel-type.js'
import { type ProductInput, type ProductShape, productShape, productWeights } from '../pointwise/product.js'
import { pointwiseRow } from '../pointwise/tile.js'
import { inputLayout, type WindowShape, windowRows, windowShape } from '../window.js'
import { patchRow } from './patches.js'

/** A full convolution, row by row: the patches of one output row are gathered, then multiplied like pixels. */
export interface ConvolutionShape {
  readonly window: WindowShape
  readonly product: ProductShape
}

export function convolutionShape(layer: ConvolutionLayer, { inputStride, tuning }: ProductInput): ConvolutionShape {
  const products = layer.kernelSize * layer.kernelSize * inputStride
  return {
    window: windowShape(layer, inputStride),
    product: productShape(layer, layer.output.width, products, { inputStride: products, tuning }),
  }
}

export function convolutionWeights({ window, product }: ConvolutionShape): PackedWeights {
  return productWeights(product, window.kernelSize * window.kernelSize)
}

/** Bytes of one row of patches, and room for the last vector, which reaches beyond it. */
export function patchRowBytes({ product }: ConvolutionShape): number {
  return roundUp(product.pixels * product.inputs * floatBytes + vectorBytes, alignment)
}

/** A full convolution; a unit is an output row. */
export const convolution: KernelType<ConvolutionShape> = {
  take: ({ layers: [layer], ...input }) =>
    layer?.kind === 'convolution' ? { layerCount: 1, shape: convolutionShape(layer, input) } : null,
  needs: (shape) => ({
    units: shape.window.outputHeight,
    weights: [convolutionWeights(shape)],
    scratchBytes: patchRowBytes(shape),
    zeroBytes: inputLayout(shape.window).rowBytes,
  }),
  emit(emitter, { window, product }, { input, weights, output, residual, scratch, begin, end }, local) {
    const rowBytes = product.pixels * product.outputs * floatBytes
    const { set, addresses } = windowRows(local, window, begin.get, input.get, inputLayout(window))
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
