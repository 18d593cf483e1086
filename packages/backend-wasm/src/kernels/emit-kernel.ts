import { call, type FunctionRef, loopWhile, op } from '../assembler/code.js'
import { type ConvolutionShape, channelAlignment, type DepthwiseShape, floatBytes, type Kernel } from '../planner/kernel.js'
import { channelTile, inputRowBytes } from '../planner/sizes.js'
import { depthwiseRow } from './depthwise.js'
import { advance, defineKernel, type Emitter, forEachUnit } from './emitter.js'
import { pointwiseRow, pointwiseTile } from './pointwise.js'
import { poolChannels } from './pool.js'
import { convolutionRow, productRowBytes, rowAt, windowRows } from './rows.js'
import { stripKernel } from './strip.js'

function convolutionKernel(emitter: Emitter, convolution: ConvolutionShape): FunctionRef {
  const row = convolutionRow(emitter, convolution)
  return defineKernel(emitter, { convolution }, (_local, { input, weights, output, residual, scratch, begin, end }) => {
    const at = (base: typeof output) => rowAt(base, productRowBytes(convolution.product))(begin.get)
    return [
      loopWhile(
        [call(row, input.get, weights.get, at(output), at(residual), scratch.get, begin.get), advance(begin, 1)],
        op('i32.lt_u', begin.get, end.get),
      ),
    ]
  })
}

function depthwiseKernel(emitter: Emitter, depthwise: DepthwiseShape): FunctionRef {
  const row = depthwiseRow(emitter, depthwise)
  return defineKernel(emitter, { depthwise }, (local, { input, weights, output, residual, begin, end }) => {
    const { set, addresses } = windowRows(local, depthwise, begin.get, rowAt(input, inputRowBytes(depthwise)))
    const outputRowBytes = depthwise.outputWidth * depthwise.channels * floatBytes
    const at = (base: typeof output) => rowAt(base, outputRowBytes)(begin.get)
    return [
      loopWhile(
        [...set, call(row, ...addresses, weights.get, at(output), at(residual)), advance(begin, 1)],
        op('i32.lt_u', begin.get, end.get),
      ),
    ]
  })
}

/** The function of a kernel: (input, weights, output, residual, scratch, begin, end) does the units from `begin` to before `end`. */
export function emitKernel(emitter: Emitter, kernel: Kernel): FunctionRef {
  switch (kernel.kind) {
    case 'pointwiseRows': {
      const { product } = kernel
      const steps = { input: product.pixels * product.inputStride * floatBytes, weights: 0, output: productRowBytes(product) }
      const row = pointwiseRow(emitter, product)
      return defineKernel(emitter, kernel, (_local, parameters) => forEachUnit(parameters, steps, row))
    }
    case 'pointwiseTiles': {
      const { product } = kernel
      const tileBytes = channelTile(product) * floatBytes
      const steps = { input: 0, weights: (product.inputs + 1) * tileBytes, output: tileBytes }
      const tile = pointwiseTile(emitter, product)
      return defineKernel(emitter, kernel, (_local, parameters) => forEachUnit(parameters, steps, tile))
    }
    case 'convolution':
      return convolutionKernel(emitter, kernel.convolution)
    case 'depthwise':
      return depthwiseKernel(emitter, kernel.depthwise)
    case 'globalAveragePool': {
      const bytes = channelAlignment * floatBytes
      const pool = poolChannels(emitter, kernel.pool)
      return defineKernel(emitter, kernel, (_local, parameters) =>
        forEachUnit(parameters, { input: bytes, weights: 0, output: bytes }, pool),
      )
    }
    case 'strip':
      return stripKernel(emitter, kernel)
  }
}
