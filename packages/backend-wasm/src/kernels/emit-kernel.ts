import { call, type FunctionRef, plus } from '@mobilenetv2/assembler'
import {
  type ConvolutionShape,
  channelBlock,
  type DepthwiseShape,
  floatBytes,
  type Kernel,
  type PointwiseShape,
  type PoolShape,
} from '../planner/kernel.js'
import { blockWeightBytes } from '../planner/sizes.js'
import { depthwiseRows } from './depthwise.js'
import { defineKernel, type Emitter, forEachUnit } from './emitter.js'
import { expandedDepthwiseKernel } from './expanded-depthwise.js'
import { patchRow } from './patches.js'
import { pointwiseBlock, pointwiseRow } from './pointwise.js'
import { poolBlock } from './pool.js'
import { indexed, wholeMap, windowRows } from './rows.js'
import { stripsKernel } from './strips.js'

const blockBytes = channelBlock * floatBytes

function pointwiseRowsKernel(emitter: Emitter, kernel: Extract<Kernel, { kind: 'pointwiseRows' }>): FunctionRef {
  const { product } = kernel
  const inputRowBytes = product.pixels * product.inputStride * floatBytes
  const outputRowBytes = product.pixels * product.outputs * floatBytes
  return defineKernel(emitter, kernel, (_local, { input, weights, output, residual, begin, end }) =>
    forEachUnit(begin, end, [
      call(
        pointwiseRow(emitter, product),
        indexed(input.get, begin.get, inputRowBytes),
        weights.get,
        indexed(output.get, begin.get, outputRowBytes),
        indexed(residual.get, begin.get, outputRowBytes),
      ),
    ]),
  )
}

function pointwiseBlocksKernel(emitter: Emitter, product: PointwiseShape): FunctionRef {
  return defineKernel(emitter, { product }, (_local, { input, weights, output, residual, begin, end }) =>
    forEachUnit(begin, end, [
      call(
        pointwiseBlock(emitter, product, product.outputs * floatBytes),
        input.get,
        indexed(weights.get, begin.get, blockWeightBytes(product)),
        indexed(output.get, begin.get, blockBytes),
        indexed(residual.get, begin.get, blockBytes),
      ),
    ]),
  )
}

function convolutionKernel(emitter: Emitter, { window, product }: ConvolutionShape): FunctionRef {
  const rowBytes = product.pixels * product.outputs * floatBytes
  return defineKernel(emitter, { window, product }, (local, { input, weights, output, residual, scratch, begin, end }) => {
    const { set, addresses } = windowRows(local, window, begin.get, input.get, wholeMap(window))
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
  })
}

function depthwiseKernel(emitter: Emitter, depthwise: DepthwiseShape): FunctionRef {
  const { channels, outputWidth } = depthwise
  const output = { pixelBytes: channels * floatBytes, rowBytes: outputWidth * channels * floatBytes }
  const row = depthwiseRows(emitter, depthwise, { channels, input: wholeMap(depthwise), output })
  return defineKernel(emitter, { depthwise }, (_local, parameters) => {
    const { begin, end } = parameters
    return forEachUnit(begin, end, [
      call(
        row,
        parameters.input.get,
        parameters.weights.get,
        parameters.output.get,
        parameters.residual.get,
        begin.get,
        plus(begin.get, 1),
      ),
    ])
  })
}

function poolKernel(emitter: Emitter, pool: PoolShape): FunctionRef {
  return defineKernel(emitter, { pool }, (_local, { input, output, residual, begin, end }) =>
    forEachUnit(begin, end, [
      call(
        poolBlock(emitter, pool),
        indexed(input.get, begin.get, blockBytes),
        indexed(output.get, begin.get, blockBytes),
        indexed(residual.get, begin.get, blockBytes),
      ),
    ]),
  )
}

/** The function of a kernel: (input, weights, output, residual, scratch, begin, end) does the units from `begin` to before `end`. */
export function emitKernel(emitter: Emitter, kernel: Kernel): FunctionRef {
  switch (kernel.kind) {
    case 'pointwiseRows':
      return pointwiseRowsKernel(emitter, kernel)
    case 'pointwiseBlocks':
      return pointwiseBlocksKernel(emitter, kernel.product)
    case 'convolution':
      return convolutionKernel(emitter, kernel.convolution)
    case 'depthwise':
      return depthwiseKernel(emitter, kernel.depthwise)
    case 'globalAveragePool':
      return poolKernel(emitter, kernel.pool)
    case 'expandedDepthwise':
      return expandedDepthwiseKernel(emitter, kernel)
    case 'strips':
      return stripsKernel(emitter, kernel)
    default:
      return kernel satisfies never
  }
}
