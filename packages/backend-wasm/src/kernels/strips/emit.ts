import {
  advance,
  type Code,
  call,
  i32,
  type Local,
  loopWhile,
  type NewLocal,
  op,
  plus,
  type Statement,
  when,
} from '@mobilenetv2/assembler'
import { indexed, mapLayout, type RowLayout, rowAddress } from '../../codegen/addresses.js'
import type { Emitter } from '../../codegen/emitter.js'
import { forRows } from '../../codegen/loops.js'
import { type ConvolutionShape, convolutionRows, patchRowBytes } from '../convolution/convolution.js'
import { patchRow } from '../convolution/patches.js'
import { depthwiseRows } from '../depthwise/rows.js'
import { depthwisePixelBytes, depthwiseWeightBytes } from '../depthwise/shape.js'
import type { KernelParameters } from '../kernel-type.js'
import { outputPixelBytes, type ProductShape, productWeightBytes, tileWeightBytes } from '../pointwise/product.js'
import { pointwiseBlock, pointwiseRow } from '../pointwise/tile.js'
import { inputLayout } from '../window.js'
import {
  channelsTogether,
  expansionProduct,
  expansionWeightBytes,
  isConvolution,
  type StripScratch,
  type StripsShape,
  stripScratch,
} from './shape.js'

function smaller(a: Code<'i32'>, b: Code<'i32'>): Code<'i32'> {
  return op('i32.select', a, b, op('i32.lt_s', a, b))
}

function larger(a: Code<'i32'>, b: Code<'i32'>): Code<'i32'> {
  return op('i32.select', b, a, op('i32.lt_s', a, b))
}

/** The input of the expansion for row `row`, at `address`. `gather` must run before, once for all channels. */
function expansionInput(
  emitter: Emitter,
  local: NewLocal,
  expansion: ProductShape | ConvolutionShape,
  { ringRows, patches }: StripScratch,
  { input, weights, scratch }: KernelParameters,
  row: Local<'i32'>,
): { gather: Statement[]; address: Code<'i32'> } {
  if (!isConvolution(expansion)) {
    return { gather: [], address: indexed(input.get, row.get, expansion.pixels * expansion.inputStride * expansion.inputBytes) }
  }
  const { window, product } = expansion
  const layout: RowLayout = { pixelBytes: product.inputs * product.inputBytes, rowBytes: patchRowBytes(expansion), rows: ringRows }
  const address = rowAddress(plus(scratch.get, patches), row.get, layout)
  const { set, addresses } = convolutionRows(local, expansion, row.get, { input, weights })
  return { gather: [...set, call(patchRow(emitter, window), ...addresses, address)], address }
}

/**
 * Computes one strip after the other. For each tile of channels, the expansion adds the rows that this strip's windows newly reach to a
 * ring buffer, and the depthwise convolution reads them while they are in the first-level cache. Then the projection computes the output
 * rows. A range that does not begin at the top of the map must compute its first expanded rows again.
 */
export function emitStrips(
  emitter: Emitter,
  shape: StripsShape,
  parameters: KernelParameters,
  local: NewLocal,
): readonly Statement[] {
  const { rows, expansion, depthwise, projection } = shape
  const { kernelSize, stride, top, inputHeight, inputWidth, outputWidth, channels } = depthwise
  const scratchMap = stripScratch(shape)
  const together = channelsTogether(shape)
  const ring = mapLayout(inputWidth, together * depthwise.inputBytes, scratchMap.ringRows)
  const depthwiseOutput = mapLayout(outputWidth, depthwisePixelBytes(depthwise))
  const expansionBytes = expansion === null ? 0 : expansionWeightBytes(expansion)
  const convolve = depthwiseRows(emitter, depthwise, {
    channels: together,
    input: expansion === null ? inputLayout(depthwise) : ring,
    output: depthwiseOutput,
  })
  const project = pointwiseRow(emitter, projection)
  const { input, weights, output, residual, scratch, begin, end } = parameters
  const stripEnd = local('i32')
  const row = local('i32')
  const depthwiseWeights = plus(weights.get, expansionBytes)
  /** The address that row 0 of the depthwise output would have, if the first row of the strip is at its place in the scratch. */
  const depthwiseRowZero = op(
    'i32.sub',
    plus(scratch.get, scratchMap.depthwise),
    op('i32.mul', begin.get, i32(depthwiseOutput.rowBytes)),
  )
  const outputRowBytes = projection.pixels * outputPixelBytes(projection)
  const projectRows = forRows(row, begin.get, stripEnd.get, [
    call(
      project,
      indexed(depthwiseRowZero, row.get, depthwiseOutput.rowBytes),
      plus(depthwiseWeights, depthwiseWeightBytes(depthwise, channels)),
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
              pointwiseBlock(emitter, product, ring.pixelBytes),
              address,
              block.expansion.get,
              rowAddress(block.ring.get, row.get, ring),
              i32(0),
            ),
          ]),
          call(convolve, block.ring.get, block.depthwise.get, block.output.get, i32(0), begin.get, stripEnd.get),
          advance(block.expansion, tileWeightBytes(product)),
          advance(block.depthwise, depthwiseWeightBytes(depthwise, together)),
          advance(block.ring, scratchMap.ringRows * ring.rowBytes),
          advance(block.output, together * depthwise.outputBytes),
        ],
        op('i32.ne', block.expansion.get, plus(weights.get, productWeightBytes(product))),
      ),
      made.set(reach.get),
    ],
  )
}
