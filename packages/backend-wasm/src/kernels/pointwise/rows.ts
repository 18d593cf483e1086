import { call } from '@mobilenetv2/assembler'
import { indexed } from '../../codegen/addresses.js'
import { forEachUnit } from '../../codegen/loops.js'
import type { KernelType } from '../kernel-type.js'
import { outputPixelBytes, type ProductShape, productWeights, rowProduct } from './product.js'
import { pointwiseRow } from './tile.js'

/** The product of one row, and the number of rows. */
export interface PointwiseRowsShape {
  readonly rows: number
  readonly product: ProductShape
}

/** A pointwise convolution of a large map; a unit is a row. */
export const pointwiseRows: KernelType<PointwiseRowsShape> = {
  take({ layers: [layer], ...input }) {
    if (layer?.kind !== 'pointwise' || layer.output.width < input.tuning.narrowestRows) return null
    return { layerCount: 1, shape: { rows: layer.output.height, product: rowProduct(layer, input) } }
  },
  needs: ({ rows, product }, numbers) => ({
    units: rows,
    weights: [productWeights(product, numbers)],
    scratchBytes: 0,
    zeroBytes: 0,
  }),
  emit(emitter, { product }, { input, weights, output, residual, begin, end }) {
    const inputRowBytes = product.pixels * product.inputStride * product.inputBytes
    const outputRowBytes = product.pixels * outputPixelBytes(product)
    return forEachUnit(begin, end, [
      call(
        pointwiseRow(emitter, product),
        indexed(input.get, begin.get, inputRowBytes),
        weights.get,
        indexed(output.get, begin.get, outputRowBytes),
        indexed(residual.get, begin.get, outputRowBytes),
      ),
    ])
  },
}
