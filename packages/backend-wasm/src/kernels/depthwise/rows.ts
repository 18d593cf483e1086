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
} from '@mobilenetv2/assembler'
import type { RowLayout } from '../../codegen/addresses.js'
import { multiplyAdd } from '../../codegen/arithmetic.js'
import type { Emitter } from '../../codegen/emitter.js'
import { repeat } from '../../codegen/loops.js'
import { floatBytes, lanes, vectorBytes } from '../../memory-contract.js'
import { type WindowShape, windowRows } from '../window.js'
import { type DepthwiseShape, depthwiseWeightBytes, placesInWindow } from './shape.js'
import type { WindowLocals } from './windows.js'

/** The output columns of a tile: registers hold 4 sums beside the 9 taps of a 3 x 3 kernel. */
const columnTile = 4

/** A run of equal tiles in a row: `count` tiles of `columns` columns, from column `start` on. */
interface ColumnRun {
  readonly start: number
  readonly columns: number
  readonly count: number
}

/** Cuts the output columns into tiles. Tiles that read only columns inside of the map form one run. */
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

/** The channels that are computed at once, 4 in each vector. */
type Vectors = readonly Local<'v128'>[]

interface Registers {
  /** The initial values of the sums. */
  readonly first: Vectors
  /** The taps by kernel row, then by kernel column; in 8 bits by kernel row, then by place in a window (`windows.ts`). */
  readonly kernel: readonly (readonly Vectors[])[]
  readonly sums: readonly Vectors[]
  readonly value: Vectors
  /** Null unless the input has 8 bits. */
  readonly window: WindowLocals | null
}

function registers(
  { numbers }: Emitter,
  local: NewLocal,
  { kernelSize, stride, inputBytes, channelsAtOnce }: DepthwiseShape,
): Registers {
  const vectors = (): Vectors => Array.from({ length: channelsAtOnce / lanes }, () => local('v128'))
  const several = (count: number): Vectors[] => Array.from({ length: count }, vectors)
  return {
    first: vectors(),
    kernel: Array.from({ length: kernelSize }, () => several(inputBytes === 1 ? placesInWindow(stride) : kernelSize)),
    sums: several(columnTile),
    value: inputBytes === 1 ? [] : vectors(),
    window: inputBytes === 1 ? numbers.depthwise.windowLocals(local) : null,
  }
}

/** Loads vectors of consecutive floats. */
function loadVectors(vectors: Vectors, address: Code<'i32'>, offset: number): Statement[] {
  return vectors.map((vector, index) => vector.set(load('v128.load', address, offset + index * vectorBytes)))
}

/** Loads consecutive values as floats. */
function loadValues(bytes: WindowShape['inputBytes'], vectors: Vectors, address: Code<'i32'>, offset: number): Statement[] {
  if (bytes === floatBytes) return loadVectors(vectors, address, offset)
  const halves = (index: number): Code<'v128'> => load('v128.load16x4_s', address, offset + index * lanes * bytes)
  return vectors.map((vector, index) => vector.set(op('f32x4.convert_i32x4_s', halves(index))))
}

/** Where a depthwise convolution reads and writes `channels` channels. */
export interface DepthwiseLayout {
  readonly channels: number
  readonly input: RowLayout
  readonly output: Omit<RowLayout, 'rows'>
}

/** The sums of one tile. In each row, every input column inside of the map is read once and multiplied by each tap that meets it. */
function tileSums(
  emitter: Emitter,
  shape: DepthwiseShape,
  pixelBytes: number,
  { start, columns }: ColumnRun,
  rows: readonly Local<'i32'>[],
  { first: before, kernel, sums, value, window }: Registers,
): Statement[] {
  const { kernelSize, stride, left, inputWidth, inputBytes } = shape
  const first = start * stride - left
  const width = (columns - 1) * stride + kernelSize
  const ofTile = sums.slice(0, columns)
  const statements = ofTile.flatMap((sum) => sum.map((vector, v) => vector.set(before[v]!.get)))
  if (window !== null) {
    const { outside } = emitter.numbers
    const add = (row: Local<'i32'>, index: number) =>
      emitter.numbers.depthwise.windowSums(shape, { row, first, pixelBytes, outside }, window, kernel[index]!, ofTile)
    return [...statements, ...rows.flatMap(add)]
  }
  rows.forEach((row, kernelRow) => {
    for (let column = 0; column < width; column++) {
      if (first + column < 0 || first + column >= inputWidth) continue
      const meets = ofTile.flatMap((sum, index) => {
        const tap = kernel[kernelRow]![column - index * stride]
        if (tap === undefined) return []
        return sum.map((vector, v) => vector.set(multiplyAdd(emitter, value[v]!.get, tap[v]!.get, vector.get)))
      })
      if (meets.length === 0) continue
      statements.push(...loadValues(inputBytes, value, row.get, (first + column) * pixelBytes), ...meets)
    }
  })
  return statements
}

interface RowPointers {
  readonly rows: readonly Local<'i32'>[]
  readonly output: Local<'i32'>
  readonly residual: Local<'i32'>
}

/** Computes one output row of `channelsAtOnce` channels. `at` has the pointers to the row; `moving` has locals that walk along it. */
function rowSums(
  emitter: Emitter,
  local: NewLocal,
  shape: DepthwiseShape,
  { input, output }: DepthwiseLayout,
  used: Registers,
  weights: Local<'i32'>,
  at: RowPointers,
  moving: RowPointers,
): Statement[] {
  const { set, store } = emitter.numbers.finishing(local, shape, emitter.numbers.depthwise.places(weights, shape))
  const doTile = (run: ColumnRun, pointers: RowPointers): Statement[] => [
    ...tileSums(emitter, shape, input.pixelBytes, run, pointers.rows, used),
    ...set,
    ...store(
      used.sums.slice(0, run.columns).map((vectors, index) => ({ vectors, offset: (run.start + index) * output.pixelBytes })),
      pointers.output,
      pointers.residual,
    ),
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
 * (input, weights, output, residual, begin, end): computes the output rows from `begin` to before `end`, `channelsAtOnce` channels at a
 * time. All addresses are those of row 0.
 */
export function depthwiseRows(emitter: Emitter, shape: DepthwiseShape, layout: DepthwiseLayout): FunctionRef {
  const { outputHeight: _, channels: __, ...sizes } = shape
  return emitter.once('depthwiseRows', { sizes, layout }, 6, (local, input, weights, output, residual, begin, end) => {
    const used = registers(emitter, local, shape)
    const { depthwise } = emitter.numbers
    const { channelsAtOnce, inputBytes, outputBytes } = shape
    // Four taps of 8 bits take the bytes of one float.
    const tapBytes = channelsAtOnce * floatBytes
    const headBytes = depthwise.headBytes(channelsAtOnce)
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
      weightsEnd.set(plus(weights.get, depthwiseWeightBytes(shape, layout.channels))),
      loopWhile(
        [
          ...depthwise.begin(used.first, weights, shape),
          ...used.kernel.flat().flatMap((vectors, index) => loadVectors(vectors, weights.get, headBytes + index * tapBytes)),
          row.set(begin.get),
          loopWhile(
            [
              ...set,
              ...addresses.map((address, index) => at.rows[index]!.set(address)),
              at.output.set(rowOf(output)),
              ...(shape.addsResidual ? [at.residual.set(rowOf(residual))] : []),
              ...rowSums(emitter, local, shape, layout, used, weights, at, pointers()),
              advance(row, 1),
            ],
            op('i32.lt_u', row.get, end.get),
          ),
          advance(input, channelsAtOnce * inputBytes),
          ...[output, ...(shape.addsResidual ? [residual] : [])].map((pointer) => advance(pointer, channelsAtOnce * outputBytes)),
          advance(weights, shape.stepWeightBytes),
        ],
        op('i32.ne', weights.get, weightsEnd.get),
      ),
    ]
  })
}
