import { call, i32, plus } from '@mobilenetv2/assembler'
import { indexed, mapLayout } from '../../codegen/addresses.js'
import { forEachUnit } from '../../codegen/loops.js'
import { blockBytes, channelBlock } from '../../memory-contract.js'
import { depthwiseRows } from '../depthwise/rows.js'
import { type DepthwiseShape, depthwiseShape, depthwiseWeightBytes, depthwiseWeights } from '../depthwise/shape.js'
import type { KernelType } from '../kernel-type.js'
import { blockWeightBytes, mapProduct, type ProductShape, productWeights } from '../pointwise/product.js'
import { pointwiseBlock } from '../pointwise/tile.js'

export interface ExpandedDepthwiseShape {
  readonly expansion: ProductShape
  readonly depthwise: DepthwiseShape
}

/**
 * Expansion and depthwise convolution of a small map, 8 channels after the other (section 5.1 of the paper): the expanded tensor is
 * never more than 8 channels of the map, which stay in the first-level cache between the two. A unit is 8 channels.
 */
export const expandedDepthwise: KernelType<ExpandedDepthwiseShape> = {
  take({ layers: [expansion, depthwise], added, ...input }) {
    if (expansion?.kind !== 'pointwise' || depthwise?.kind !== 'depthwise') return null
    if (expansion.output.width >= input.tuning.narrowestRows || expansion.residual !== null || added.has(expansion.id)) return null
    const shape = { expansion: mapProduct(expansion, input), depthwise: depthwiseShape(depthwise, input.tuning) }
    return { layerCount: 2, shape }
  },
  needs: ({ expansion, depthwise }) => ({
    units: depthwise.channels / channelBlock,
    weights: [productWeights(expansion), depthwiseWeights(depthwise)],
    scratchBytes: depthwise.inputHeight * depthwise.inputWidth * blockBytes,
    zeroBytes: depthwise.inputWidth * blockBytes,
  }),
  emit(emitter, { expansion, depthwise }, { input, weights, output, residual, scratch, begin, end }) {
    const { channels, inputWidth, outputWidth } = depthwise
    const convolve = depthwiseRows(emitter, depthwise, {
      channels: channelBlock,
      input: mapLayout(inputWidth, channelBlock),
      output: mapLayout(outputWidth, channels),
    })
    const depthwiseStart = plus(weights.get, productWeights(expansion).bytes)
    return forEachUnit(begin, end, [
      call(
        pointwiseBlock(emitter, expansion, blockBytes),
        input.get,
        indexed(weights.get, begin.get, blockWeightBytes(expansion)),
        scratch.get,
        i32(0),
      ),
      call(
        convolve,
        scratch.get,
        indexed(depthwiseStart, begin.get, depthwiseWeightBytes(depthwise, channelBlock)),
        indexed(output.get, begin.get, blockBytes),
        indexed(residual.get, begin.get, blockBytes),
        i32(0),
        i32(depthwise.outputHeight),
      ),
    ])
  },
}
