import {
  advance,
  type Code,
  type FunctionRef,
  i32,
  type Local,
  load,
  loopWhile,
  type NewLocal,
  op,
  plus,
  type Statement,
  store,
} from '@mobilenetv2/assembler'
import type { RowLayout } from '../../codegen/addresses.js'
import { layerResult, multiplyAdd } from '../../codegen/arithmetic.js'
import type { Emitter } from '../../codegen/emitter.js'
import { repeat } from '../../codegen/loops.js'
import { lanes, vectorBytes } from '../../memory-contract.js'
import { windowRows } from '../window.js'
import type { DepthwiseShape } from './shape.js'

/** Output columns of a tile: 4 sums stay in registers beside the 9 taps of a 3 x 3 kernel. */
const columnTile = 4

/** Columns of a row that are done alike: `count` tiles of `columns` from `start` on. */
interface ColumnRun {
  readonly start: number
  readonly columns: number
  readonly count: number
}

/** Output columns cut into tiles; tiles that read no column beyond the map stand together as one run. */
function columnRuns({ kernelSize, stride, left, inputWidth, outputWidth }: DepthwiseShape): ColumnRun[] {
  const runs: (ColumnRun & { inside: boolean })[] = []
  for (let start = 0; start < outputWidth; ) {
    const columns = Math.min(columnTile, outputWidth - start)
    const first = start * stride - left
    const inside = first >= 0 && first + (columns - 1) * stride + kernelSize <= inputWidth
    const previous = runs.at(-1)
    if (inside && previous?.inside && previous.columns === columns)
      runs[runs.length - 1] = { ...previous, count: previous.count + 1 }
    else runs.push({ start, columns, count: 1, inside })
    start += columns
  }
  return runs
}

interface Registers {
  readonly bias: Local<'v128'>
  /** By kernel row, then kernel column. */
  readonly kernel: readonly (readonly Local<'v128'>[])[]
  readonly sums: readonly Local<'v128'>[]
  readonly value: Local<'v128'>
}

function registers(local: NewLocal, { kernelSize }: DepthwiseShape): Registers {
  const vectors = (count: number): Local<'v128'>[] => Array.from({ length: count }, () => local('v128'))
  return {
    bias: local('v128'),
    kernel: Array.from({ length: kernelSize }, () => vectors(kernelSize)),
    sums: vectors(columnTile),
    value: local('v128'),
  }
}

/** Where a depthwise convolution reads and writes `channels` channels. */
export interface DepthwiseLayout {
  readonly channels: number
  readonly input: RowLayout
  readonly output: Omit<RowLayout, 'rows'>
}

/** The sums of one tile: every input column is read once a row and multiplied with each tap that meets it inside the map. */
function tileSums(
  emitter: Emitter,
  { kernelSize, stride, left, inputWidth }: DepthwiseShape,
  pixelBytes: number,
  { start, columns }: ColumnRun,
  rows: readonly Local<'i32'>[],
  { bias, kernel, sums, value }: Registers,
): Statement[] {
  const first = start * stride - left
  const width = (columns - 1) * stride + kernelSize
  const statements = sums.slice(0, columns).map((sum) => sum.set(bias.get))
  rows.forEach((row, kernelRow) => {
    for (let column = 0; column < width; column++) {
      if (first + column < 0 || first + column >= inputWidth) continue
      const meets = sums.slice(0, columns).flatMap((sum, index) => {
        const tap = kernel[kernelRow]![column - index * stride]
        return tap === undefined ? [] : [sum.set(multiplyAdd(emitter, value.get, tap.get, sum.get))]
      })
      if (meets.length === 0) continue
      statements.push(value.set(load('v128.load', row.get, (first + column) * pixelBytes)), ...meets)
    }
  })
  return statements
}

interface RowPointers {
  readonly rows: readonly Local<'i32'>[]
  readonly output: Local<'i32'>
  readonly residual: Local<'i32'>
}

/** One output row of 4 channels, whose pointers `at` holds; `moving` are other locals to walk with. */
function rowSums(
  emitter: Emitter,
  local: NewLocal,
  shape: DepthwiseShape,
  { input, output }: DepthwiseLayout,
  used: Registers,
  at: RowPointers,
  moving: RowPointers,
): Statement[] {
  const doTile = (run: ColumnRun, pointers: RowPointers): Statement[] => [
    ...tileSums(emitter, shape, input.pixelBytes, run, pointers.rows, used),
    ...used.sums.slice(0, run.columns).map((sum, index) => {
      const offset = (run.start + index) * output.pixelBytes
      return store('v128.store', pointers.output.get, layerResult(shape, sum.get, pointers.residual, offset), offset)
    }),
  ]
  const pointersOf = ({ rows, output: out, residual }: RowPointers): Local<'i32'>[] => [
    out,
    ...rows,
    ...(shape.addsResidual ? [residual] : []),
  ]
  return columnRuns(shape).flatMap((run) => {
    if (run.count === 1) return doTile(run, at)
    const inputStep = run.columns * shape.stride * input.pixelBytes
    const outputStep = run.columns * output.pixelBytes
    const origins = pointersOf(at)
    return [
      ...pointersOf(moving).map((pointer, index) => pointer.set(origins[index]!.get)),
      ...repeat(local, run.count, moving.output, outputStep, [
        ...doTile(run, moving),
        ...pointersOf(moving).map((pointer) => advance(pointer, moving.rows.includes(pointer) ? inputStep : outputStep)),
      ]),
    ]
  })
}

/**
 * (input, weights, output, residual, begin, end): the output rows from `begin` to before `end`, 4 channels after the other. All
 * addresses are those of row 0.
 */
export function depthwiseRows(emitter: Emitter, shape: DepthwiseShape, layout: DepthwiseLayout): FunctionRef {
  const { outputHeight: _, channels: __, ...sizes } = shape
  return emitter.once('depthwiseRows', { sizes, layout }, 6, (local, input, weights, output, residual, begin, end) => {
    const used = registers(local, shape)
    const taps = [used.bias, ...used.kernel.flat()]
    const row = local('i32')
    const weightsEnd = local('i32')
    const pointers = (): RowPointers => ({
      rows: used.kernel.map(() => local('i32')),
      output: local('i32'),
      residual: local('i32'),
    })
    const at = pointers()
    const rowOf = (base: Local<'i32'>): Code<'i32'> => op('i32.add', base.get, op('i32.mul', row.get, i32(layout.output.rowBytes)))
    const { set, addresses } = windowRows(local, shape, row.get, input.get, layout.input)
    return [
      weightsEnd.set(plus(weights.get, (layout.channels / lanes) * taps.length * vectorBytes)),
      loopWhile(
        [
          ...taps.map((vector, index) => vector.set(load('v128.load', weights.get, index * vectorBytes))),
          row.set(begin.get),
          loopWhile(
            [
              ...set,
              ...addresses.map((address, index) => at.rows[index]!.set(address)),
              at.output.set(rowOf(output)),
              ...(shape.addsResidual ? [at.residual.set(rowOf(residual))] : []),
              ...rowSums(emitter, local, shape, layout, used, at, pointers()),
              advance(row, 1),
            ],
            op('i32.lt_u', row.get, end.get),
          ),
          ...[input, output, ...(shape.addsResidual ? [residual] : [])].map((pointer) => advance(pointer, vectorBytes)),
          advance(weights, taps.length * vectorBytes),
        ],
        op('i32.ne', weights.get, weightsEnd.get),
      ),
    ]
  })
}
