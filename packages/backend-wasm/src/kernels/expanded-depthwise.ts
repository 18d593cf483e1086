import { call, type FunctionRef, i32, plus } from '@mobilenetv2/assembler'
import { channelBlock, type ExpandedDepthwiseKernel, floatBytes } from '../planner/kernel.js'
import { blockWeightBytes, weightBytes } from '../planner/sizes.js'
import { depthwiseRows } from './depthwise.js'
import { defineKernel, type Emitter, forEachUnit } from './emitter.js'
import { pointwiseBlock } from './pointwise.js'
import { indexed } from './rows.js'

const blockBytes = channelBlock * floatBytes

/**
 * Expansion and depthwise convolution of a small map, for each 8 channels one after the other: the expanded block of the map
 * stays in the first-level cache between them.
 */
export function expandedDepthwiseKernel(emitter: Emitter, kernel: ExpandedDepthwiseKernel): FunctionRef {
  const { expansion, depthwise } = kernel
  const { channels, inputWidth, outputWidth } = depthwise
  const convolve = depthwiseRows(emitter, depthwise, {
    channels: channelBlock,
    input: { pixelBytes: blockBytes, rowBytes: inputWidth * blockBytes, rows: 'all' },
    output: { pixelBytes: channels * floatBytes, rowBytes: outputWidth * channels * floatBytes },
  })
  const depthwiseBlockWeights = (weightBytes(depthwise) / channels) * channelBlock
  return defineKernel(emitter, kernel, (_local, { input, weights, output, residual, scratch, begin, end }) =>
    forEachUnit(begin, end, [
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
        indexed(plus(weights.get, weightBytes(expansion)), begin.get, depthwiseBlockWeights),
        indexed(output.get, begin.get, blockBytes),
        indexed(residual.get, begin.get, blockBytes),
        i32(0),
        i32(depthwise.outputHeight),
      ),
    ]),
  )
}
