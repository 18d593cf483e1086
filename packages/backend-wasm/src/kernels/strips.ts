import {
  advance,
  type Code,
  call,
  type FunctionRef,
  i32,
  type Local,
  loopWhile,
  type NewLocal,
  op,
  plus,
  type Statement,
  when,
} from '@mobilenetv2/assembler'
import { type ConvolutionShape, channelBlock, floatBytes, type PointwiseShape, type StripsKernel } from '../planner/kernel.js'
import { blockWeightBytes, expansionProduct, isConvolution, patchRowBytes, stripScratch, weightBytes } from '../planner/sizes.js'
import { depthwiseRows } from './depthwise.js'
import { defineKernel, type Emitter, type KernelParameters } from './emitter.js'
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

/** `body` for `row` from `first` to before `last`, of which there may be none. */
function forRows(row: Local<'i32'>, first: Code<'i32'>, last: Code<'i32'>, body: readonly Statement[]): Statement[] {
  const more = op('i32.lt_s', row.get, last)
  return [row.set(first), when(more, [loopWhile([...body, advance(row, 1)], more)])]
}

/** What the expansion of row `row` reads: `gather` comes first, once for all channels; `address` is where the products begin. */
function expansionInput(
  emitter: Emitter,
  local: NewLocal,
  expansion: PointwiseShape | ConvolutionShape,
  { ringRows, patches }: ReturnType<typeof stripScratch>,
  { input, scratch }: KernelParameters,
  row: Local<'i32'>,
): { gather: Statement[]; address: Code<'i32'> } {
  if (!isConvolution(expansion)) {
    return { gather: [], address: indexed(input.get, row.get, expansion.pixels * expansion.inputStride * floatBytes) }
  }
  const { window, product } = expansion
  const layout: RowLayout = { pixelBytes: product.inputs * floatBytes, rowBytes: patchRowBytes(expansion), rows: ringRows }
  const address = rowAddress(plus(scratch.get, patches), row.get, layout)
  const { set, addresses } = windowRows(local, window, row.get, input.get, wholeMap(window))
  return { gather: [...set, call(patchRow(emitter, window), ...addresses, address)], address }
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
  const scratchMap = stripScratch(kernel)
  const ring: RowLayout = { pixelBytes: blockBytes, rowBytes: inputWidth * blockBytes, rows: scratchMap.ringRows }
  const depthwiseOutput = { pixelBytes: channels * floatBytes, rowBytes: outputWidth * channels * floatBytes }
  const expansionWeights = expansion === null ? 0 : weightBytes(expansionProduct(expansion))
  const convolve = depthwiseRows(emitter, depthwise, {
    channels: expansion === null ? channels : channelBlock,
    input: expansion === null ? wholeMap(depthwise) : ring,
    output: depthwiseOutput,
  })
  const project = pointwiseRow(emitter, projection)

  return defineKernel(emitter, kernel, (local, parameters) => {
    const { input, weights, output, residual, scratch, begin, end } = parameters
    const stripEnd = local('i32')
    const row = local('i32')
    const depthwiseWeights = plus(weights.get, expansionWeights)
    /** Where row 0 of the depthwise output would stand, if the strip's first row stands where the scratch has it. */
    const depthwiseRowZero = op(
      'i32.sub',
      plus(scratch.get, scratchMap.depthwise),
      op('i32.mul', begin.get, i32(depthwiseOutput.rowBytes)),
    )
    const outputRowBytes = projection.pixels * projection.outputs * floatBytes
    const projectRows = forRows(row, begin.get, stripEnd.get, [
      call(
        project,
        indexed(depthwiseRowZero, row.get, depthwiseOutput.rowBytes),
        plus(depthwiseWeights, weightBytes(depthwise)),
        indexed(output.get, row.get, outputRowBytes),
        indexed(residual.get, row.get, outputRowBytes),
      ),
    ])
    const more = op('i32.lt_u', begin.get, end.get)
    const strips = (before: readonly Statement[], depthwiseRowsOfStrip: readonly Statement[]): Statement[] => [
      ...before,
      when(more, [
        loopWhile(
          [stripEnd.set(smaller(plus(begin.get, rows), end.get)), ...depthwiseRowsOfStrip, ...projectRows, begin.set(stripEnd.get)],
          more,
        ),
      ]),
    ]
    if (expansion === null) {
      return strips([], [call(convolve, input.get, depthwiseWeights, depthwiseRowZero, i32(0), begin.get, stripEnd.get)])
    }

    const product = expansionProduct(expansion)
    const made = local('i32')
    const reach = local('i32')
    const block = { expansion: local('i32'), depthwise: local('i32'), ring: local('i32'), output: local('i32') }
    const { gather, address } = expansionInput(emitter, local, expansion, scratchMap, parameters, row)
    const firstUnder = plus(op('i32.mul', begin.get, i32(stride)), -top)
    const endUnder = plus(op('i32.mul', stripEnd.get, i32(stride)), kernelSize - stride - top)
    return strips(
      [made.set(larger(firstUnder, i32(0)))],
      [
        reach.set(larger(smaller(endUnder, i32(inputHeight)), made.get)),
        ...(gather.length === 0 ? [] : forRows(row, made.get, reach.get, gather)),
        block.expansion.set(weights.get),
        block.depthwise.set(depthwiseWeights),
        block.ring.set(scratch.get),
        block.output.set(depthwiseRowZero),
        loopWhile(
          [
            ...forRows(row, made.get, reach.get, [
              call(
                pointwiseBlock(emitter, product, blockBytes),
                address,
                block.expansion.get,
                rowAddress(block.ring.get, row.get, ring),
                i32(0),
              ),
            ]),
            call(convolve, block.ring.get, block.depthwise.get, block.output.get, i32(0), begin.get, stripEnd.get),
            advance(block.expansion, blockWeightBytes(product)),
            advance(block.depthwise, (weightBytes(depthwise) / channels) * channelBlock),
            advance(block.ring, scratchMap.ringRows * ring.rowBytes),
            advance(block.output, blockBytes),
          ],
          op('i32.ne', block.expansion.get, depthwiseWeights),
        ),
        made.set(reach.get),
      ],
    )
  })
}
