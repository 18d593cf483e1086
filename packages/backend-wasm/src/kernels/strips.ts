import { type Code, call, type FunctionRef, i32, type Local, loopWhile, op, type Statement, when } from '../assembler/code.js'
import { channelBlock, floatBytes, type StripsKernel } from '../planner/kernel.js'
import { blockWeightBytes, expansionProduct, isConvolution, patchRowBytes, stripScratch, weightBytes } from '../planner/sizes.js'
import { depthwiseRows } from './depthwise.js'
import { advance, defineKernel, type Emitter, plus } from './emitter.js'
import { patchRow } from './patches.js'
import { pointwiseBlock, pointwiseRow } from './pointwise.js'
import { indexed, type RowLayout, rowAddress, wholeMap, windowRows } from './rows.js'

const blockBytes = channelBlock * floatBytes

function smaller(a: Code<'i32'>, b: Code<'i32'>): Code<'i32'> {
  return op('i32.select', a, b, op('i32.lt_s', a, b))
}

function larger(a: Code<'i32'>, b: Code<'i32'>): Code<'i32'> {
  return op('i32.select', b, a, op('i32.lt_s', a, b))
}

/**
 * An inverted residual block, `rows` output rows after the other (section 5.1 of the paper, "memory efficient inference"). For
 * each 8 channels the expansion makes the rows that the strip's windows newly reach, into a ring, and the depthwise convolution
 * makes the strip's rows of them, while they are in the first-level cache; then the projection makes the output's rows. A range
 * that does not begin at the top makes its first expanded rows anew.
 */
export function stripsKernel(emitter: Emitter, kernel: StripsKernel): FunctionRef {
  const { rows, expansion, depthwise, projection } = kernel
  const { kernelSize, stride, top, inputHeight, inputWidth, outputWidth, channels } = depthwise
  const scratchAt = stripScratch(kernel)
  const expanded = { pixelBytes: blockBytes, rowBytes: inputWidth * blockBytes, rows: scratchAt.ringRows } satisfies RowLayout
  const depthwiseOutput = { pixelBytes: channels * floatBytes, rowBytes: outputWidth * channels * floatBytes }
  const expansionWeights = expansion === null ? 0 : weightBytes(expansionProduct(expansion))
  const depthwiseBlockWeights = (weightBytes(depthwise) / channels) * channelBlock
  const project = pointwiseRow(emitter, projection)
  const convolve = depthwiseRows(emitter, depthwise, {
    channels: expansion === null ? channels : channelBlock,
    input: expansion === null ? wholeMap(depthwise) : expanded,
    output: depthwiseOutput,
  })

  return defineKernel(emitter, kernel, (local, { input, weights, output, residual, scratch, begin, end }) => {
    const stripEnd = local('i32')
    const made = local('i32')
    const reach = local('i32')
    const row = local('i32')
    const block = { expansion: local('i32'), depthwise: local('i32'), ring: local('i32'), output: local('i32') }
    const rowZero = (address: Code<'i32'>): Code<'i32'> =>
      op('i32.sub', address, op('i32.mul', begin.get, i32(depthwiseOutput.rowBytes)))
    const forRows = (first: Code<'i32'>, last: Local<'i32'>, body: readonly Statement[]): Statement[] => {
      const more = op('i32.lt_s', row.get, last.get)
      return [row.set(first), when(more, [loopWhile([...body, advance(row, 1)], more)])]
    }

    const patches: RowLayout | null =
      expansion !== null && isConvolution(expansion)
        ? {
            pixelBytes: expansion.product.inputs * floatBytes,
            rowBytes: patchRowBytes(expansion),
            rows: scratchAt.ringRows,
          }
        : null
    const patchesStart = plus(scratch.get, scratchAt.patches)
    const gather = (): Statement[] => {
      if (expansion === null || !isConvolution(expansion) || patches === null) return []
      const { set, addresses } = windowRows(local, expansion.window, row.get, input.get, wholeMap(expansion.window))
      return forRows(made.get, reach, [
        ...set,
        call(patchRow(emitter, expansion.window), ...addresses, rowAddress(patchesStart, row.get, patches)),
      ])
    }
    const expandBlock = (): Statement[] => {
      if (expansion === null) return []
      const product = expansionProduct(expansion)
      const from =
        patches === null
          ? indexed(input.get, row.get, product.pixels * product.inputStride * floatBytes)
          : rowAddress(patchesStart, row.get, patches)
      return forRows(made.get, reach, [
        call(
          pointwiseBlock(emitter, product, { pixelBytes: blockBytes }),
          from,
          block.expansion.get,
          rowAddress(block.ring.get, row.get, expanded),
          i32(0),
        ),
      ])
    }
    const depthwiseStart = plus(scratch.get, scratchAt.depthwise)
    const depthwiseWeights = plus(weights.get, expansionWeights)
    const expandAndConvolve = (): Statement[] => {
      if (expansion === null) {
        return [call(convolve, input.get, depthwiseWeights, rowZero(depthwiseStart), i32(0), begin.get, stripEnd.get)]
      }
      return [
        block.expansion.set(weights.get),
        block.depthwise.set(depthwiseWeights),
        block.ring.set(scratch.get),
        block.output.set(rowZero(depthwiseStart)),
        loopWhile(
          [
            ...expandBlock(),
            call(convolve, block.ring.get, block.depthwise.get, block.output.get, i32(0), begin.get, stripEnd.get),
            advance(block.expansion, blockWeightBytes(expansionProduct(expansion))),
            advance(block.depthwise, depthwiseBlockWeights),
            advance(block.ring, expanded.rows * expanded.rowBytes),
            advance(block.output, blockBytes),
          ],
          op('i32.ne', block.expansion.get, depthwiseWeights),
        ),
      ]
    }
    const outputRowBytes = projection.pixels * projection.outputs * floatBytes
    return [
      made.set(larger(plus(op('i32.mul', begin.get, i32(stride)), -top), i32(0))),
      loopWhile(
        [
          stripEnd.set(smaller(plus(begin.get, rows), end.get)),
          reach.set(smaller(plus(op('i32.mul', stripEnd.get, i32(stride)), kernelSize - stride - top), i32(inputHeight))),
          reach.set(larger(reach.get, made.get)),
          ...gather(),
          ...expandAndConvolve(),
          made.set(reach.get),
          ...forRows(begin.get, stripEnd, [
            call(
              project,
              indexed(rowZero(depthwiseStart), row.get, depthwiseOutput.rowBytes),
              plus(depthwiseWeights, weightBytes(depthwise)),
              indexed(output.get, row.get, outputRowBytes),
              projection.addsResidual ? indexed(residual.get, row.get, outputRowBytes) : i32(0),
            ),
          ]),
          begin.set(stripEnd.get),
        ],
        op('i32.lt_u', begin.get, end.get),
      ),
    ]
  })
}
