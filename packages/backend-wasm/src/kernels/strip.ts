import { call, type FunctionRef, i32, type Local, loopWhile, op, type Statement, when } from '../assembler/code.js'
import { floatBytes, type StripKernel } from '../planner/kernel.js'
import { inputRowBytes, isConvolution, stripScratch, weightBytes } from '../planner/sizes.js'
import { depthwiseRow } from './depthwise.js'
import { advance, defineKernel, type Emitter, plus } from './emitter.js'
import { pointwiseRow } from './pointwise.js'
import { convolutionRow, productRowBytes, rowAt, windowRows } from './rows.js'

/**
 * An inverted residual block row by row (section 5.1 of the paper, "memory efficient inference"). For each output row the
 * expansion makes the rows that the window newly reaches, into a ring of `kernelSize` rows; the depthwise convolution makes one
 * row of them, and the projection that row of the output. A range that does not begin at the top makes its first rows anew.
 */
export function stripKernel(emitter: Emitter, kernel: StripKernel): FunctionRef {
  const { expansion, depthwise, projection } = kernel
  const { kernelSize, stride, top, inputHeight } = depthwise
  const scratchOffsets = stripScratch(kernel)
  const expansionWeights = expansion === null ? 0 : weightBytes(isConvolution(expansion) ? expansion.product : expansion)
  const depthwiseFunction = depthwiseRow(emitter, depthwise)
  const projectionFunction = pointwiseRow(emitter, projection)
  const expandFunction =
    expansion === null ? null : isConvolution(expansion) ? convolutionRow(emitter, expansion) : pointwiseRow(emitter, expansion)
  return defineKernel(emitter, kernel, (local, { input, weights, output, residual, scratch, begin, end }) => {
    const rowBytes = inputRowBytes(depthwise)
    const slot = (index: Local<'i32'>['get']) => rowAt(scratch, rowBytes)(op('i32.rem_u', index, i32(kernelSize)))
    const made = local('i32')
    const reach = local('i32')

    const expandRow = (): Statement[] => {
      if (expansion === null || expandFunction === null) return []
      const outcome = slot(made.get)
      if (isConvolution(expansion)) {
        return [call(expandFunction, input.get, weights.get, outcome, i32(0), plus(scratch.get, scratchOffsets.patches), made.get)]
      }
      const from = rowAt(input, expansion.pixels * expansion.inputStride * floatBytes)(made.get)
      return [call(expandFunction, from, weights.get, outcome, i32(0))]
    }
    const missing = op('i32.lt_s', made.get, reach.get)
    const expandMissing =
      expansion === null
        ? []
        : [
            reach.set(plus(op('i32.mul', begin.get, i32(stride)), kernelSize - top)),
            reach.set(op('i32.select', reach.get, i32(inputHeight), op('i32.lt_s', reach.get, i32(inputHeight)))),
            when(missing, [loopWhile([...expandRow(), advance(made, 1)], missing)]),
          ]
    const { set, addresses } = windowRows(local, depthwise, begin.get, expansion === null ? rowAt(input, rowBytes) : slot)
    const depthwiseOutput = plus(scratch.get, scratchOffsets.row)
    const outputRowBytes = productRowBytes(projection)
    const firstRow = plus(op('i32.mul', begin.get, i32(stride)), -top)
    return [
      made.set(op('i32.select', firstRow, i32(0), op('i32.lt_s', i32(0), firstRow))),
      loopWhile(
        [
          ...expandMissing,
          ...set,
          call(depthwiseFunction, ...addresses, plus(weights.get, expansionWeights), depthwiseOutput, i32(0)),
          call(
            projectionFunction,
            depthwiseOutput,
            plus(weights.get, expansionWeights + weightBytes(depthwise)),
            rowAt(output, outputRowBytes)(begin.get),
            rowAt(residual, outputRowBytes)(begin.get),
          ),
          advance(begin, 1),
        ],
        op('i32.lt_u', begin.get, end.get),
      ),
    ]
  })
}
