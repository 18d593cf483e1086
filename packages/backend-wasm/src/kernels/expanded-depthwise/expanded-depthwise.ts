import { call, i32, plus } from '@mobilenetv2/assembler'
import { indexed, mapLayout } from '../../codegen/addresses.js'
import { forEachUnit } from '../../codegen/loops.js'
import { depthwiseRows } from '../depthwise/rows.js'
import {
  type DepthwiseShape,
  depthwisePixelBytes,
  depthwiseShape,
  depthwiseWeightBytes,
  depthwiseWeights,
} from '../depthwise/shape.js'
import type { KernelType } from '../kernel-type.js'
import {
  mapProduct,
  type ProductShape,
  productWeightBytes,
  productWeights,
  tileBytes,
  tileChannels,
  tileWeightBytes,
} from '../pointwise/product.js'
import { pointwiseBlock } from '../pointwise/tile.js'

export interface ExpandedDepthwiseShape {
  readonly expansion: ProductShape
  readonly depthwise: DepthwiseShape
}

/**
 * Expansion and depthwise convolution of a small map, one tile of channels at a time (section 5.1 of the paper). Only these channels of the
 * expanded tensor exist, and they stay in the first-level cache between the two layers. A unit is the channels of a tile.
 */
export const expandedDepthwise: KernelType<ExpandedDepthwiseShape> = {
  take({ layers: [expansion, depthwise], added, ...input }) {
    if (expansion?.kind !== 'pointwise' || depthwise?.kind !== 'depthwise') return null
    if (expansion.output.width >= input.tuning.narrowestRows || expansion.residual !== null || added.has(expansion.id)) return null
    const { expandedBytes } = input.numbers
    const shape = {
      expansion: mapProduct(expansion, input, expandedBytes),
      depthwise: depthwiseShape(depthwise, input, expandedBytes),
    }
    return { layerCount: 2, shape }
  },
  needs: ({ expansion, depthwise }, numbers) => ({
    units: depthwise.channels / tileChannels(expansion),
    weights: [productWeights(expansion, numbers), depthwiseWeights(depthwise, numbers)],
    scratchBytes: depthwise.inputHeight * depthwise.inputWidth * tileBytes(expansion),
    zeroBytes: depthwise.inputWidth * tileBytes(expansion),
  }),
  emit(emitter, { expansion, depthwise }, { input, weights, output, residual, scratch, begin, end }) {
    const { inputWidth, outputWidth } = depthwise
    const together = tileChannels(expansion)
    const outputBytes = together * depthwise.outputBytes
    const convolve = depthwiseRows(emitter, depthwise, {
      channels: together,
      input: mapLayout(inputWidth, tileBytes(expansion)),
      output: mapLayout(outputWidth, depthwisePixelBytes(depthwise)),
    })
    const depthwiseStart = plus(weights.get, productWeightBytes(expansion))
    return forEachUnit(begin, end, [
      call(
        pointwiseBlock(emitter, expansion, tileBytes(expansion)),
        input.get,
        indexed(weights.get, begin.get, tileWeightBytes(expansion)),
        scratch.get,
        i32(0),
      ),
      call(
        convolve,
        scratch.get,
        indexed(depthwiseStart, begin.get, depthwiseWeightBytes(depthwise, together)),
        indexed(output.get, begin.get, outputBytes),
        indexed(residual.get, begin.get, outputBytes),
        i32(0),
        i32(depthwise.outputHeight),
      ),
    ])
  },
}
