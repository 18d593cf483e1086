import { call } from '@mobilenetv2/assembler'
import { indexed } from '../../codegen/addresses.js'
import { forEachUnit } from '../../codegen/loops.js'
import type { KernelType } from '../kernel-type.js'
import {
  mapProduct,
  outputPixelBytes,
  type ProductShape,
  productWeights,
  tileBytes,
  tileChannels,
  tileWeightBytes,
} from './product.js'
import { pointwiseBlock } from './tile.js'

/**
 * A pointwise convolution of a small map, or a dense layer: for one tile of channels after the other, all pixels. A unit is such a tile.
 */
export const pointwiseBlocks: KernelType<ProductShape> = {
  take: ({ layers: [layer], ...input }) =>
    layer?.kind === 'pointwise' || layer?.kind === 'dense' ? { layerCount: 1, shape: mapProduct(layer, input) } : null,
  needs: (product, numbers) => ({
    units: product.outputs / tileChannels(product),
    weights: [productWeights(product, numbers)],
    scratchBytes: 0,
    zeroBytes: 0,
  }),
  emit: (emitter, product, { input, weights, output, residual, begin, end }) =>
    forEachUnit(begin, end, [
      call(
        pointwiseBlock(emitter, product, outputPixelBytes(product)),
        input.get,
        indexed(weights.get, begin.get, tileWeightBytes(product)),
        indexed(output.get, begin.get, tileBytes(product)),
        indexed(residual.get, begin.get, tileBytes(product)),
      ),
    ]),
}
