import { call } from '@mobilenetv2/assembler'
import { indexed } from '../../codegen/addresses.js'
import { forEachUnit } from '../../codegen/loops.js'
import { blockBytes, channelBlock, floatBytes } from '../../memory-contract.js'
import type { KernelType } from '../kernel-type.js'
import { blockWeightBytes, mapProduct, type ProductShape, productWeights } from './product.js'
import { pointwiseBlock } from './tile.js'

/** A pointwise convolution of a small map, or a dense layer: 8 channels of all pixels after the other; a unit is 8 channels. */
export const pointwiseBlocks: KernelType<ProductShape> = {
  take: ({ layers: [layer], ...input }) =>
    layer?.kind === 'pointwise' || layer?.kind === 'dense' ? { layerCount: 1, shape: mapProduct(layer, input) } : null,
  needs: (product) => ({
    units: product.outputs / channelBlock,
    weights: [productWeights(product)],
    scratchBytes: 0,
    zeroBytes: 0,
  }),
  emit: (emitter, product, { input, weights, output, residual, begin, end }) =>
    forEachUnit(begin, end, [
      call(
        pointwiseBlock(emitter, product, product.outputs * floatBytes),
        input.get,
        indexed(weights.get, begin.get, blockWeightBytes(product)),
        indexed(output.get, begin.get, blockBytes),
        indexed(residual.get, begin.get, blockBytes),
      ),
    ]),
}
