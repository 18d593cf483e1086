import { type FunctionRef, type Local, load, loopWhile, op, type Statement, store } from '../assembler/code.js'
import type { NewLocal } from '../assembler/module.js'
import { type DepthwiseShape, floatBytes, lanes } from '../planner/kernel.js'
import { weightBytes } from '../planner/sizes.js'
import { advance, type Emitter, layerResult, multiplyAdd, plus, repeat } from './emitter.js'

const vectorBytes = lanes * floatBytes

/** Output columns of a tile, whose sums stay in registers beside the kernel. */
const columnTile = (stride: number): number => (stride === 1 ? 4 : 2)

/** Columns of a row that are done alike: `count` tiles of `columns` from `start` on. */
interface ColumnRun {
  readonly start: number
  readonly columns: number
  readonly count: number
}

/** Output columns cut into tiles; tiles that read no column beyond the map stand together as one run. */
export function columnRuns({ kernelSize, stride, left, inputWidth, outputWidth }: DepthwiseShape): ColumnRun[] {
  const runs: (ColumnRun & { inside: boolean })[] = []
  for (let start = 0; start < outputWidth; ) {
    const columns = Math.min(columnTile(stride), outputWidth - start)
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

/** The sums of one tile: every input column is read once a row and multiplied with each tap that meets it inside the map. */
function tileSums(
  emitter: Emitter,
  { kernelSize, stride, left, inputWidth, channels }: DepthwiseShape,
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
      statements.push(value.set(load('v128.load', row.get, (first + column) * channels * floatBytes)), ...meets)
    }
  })
  return statements
}

function registers(local: NewLocal, { kernelSize, stride }: DepthwiseShape): Registers {
  const vectors = (count: number): Local<'v128'>[] => Array.from({ length: count }, () => local('v128'))
  return {
    bias: local('v128'),
    kernel: Array.from({ length: kernelSize }, () => vectors(kernelSize)),
    sums: vectors(columnTile(stride)),
    value: local('v128'),
  }
}

/** (kernelSize input rows, weights, output, residual): one output row, 4 channels after the other. */
export function depthwiseRow(emitter: Emitter, shape: DepthwiseShape): FunctionRef {
  const { inputHeight: _, outputHeight: __, top: ___, ...sizes } = shape
  return emitter.once('depthwiseRow', sizes, shape.kernelSize + 3, (local, ...parameters) => {
    const rows = parameters.slice(0, shape.kernelSize)
    const [weights, output, residual] = parameters.slice(shape.kernelSize) as [Local<'i32'>, Local<'i32'>, Local<'i32'>]
    const used = registers(local, shape)
    const end = local('i32')
    const pixelBytes = shape.channels * floatBytes
    const moving = { rows: rows.map(() => local('i32')), output: local('i32'), residual: local('i32') }

    const storeTile = ({ columns }: ColumnRun, to: Local<'i32'>, from: Local<'i32'>, start: number): Statement[] =>
      used.sums.slice(0, columns).map((sum, index) => {
        const offset = (start + index) * pixelBytes
        return store('v128.store', to.get, layerResult(shape, sum.get, from, offset), offset)
      })
    const once = (run: ColumnRun): Statement[] => [
      ...tileSums(emitter, shape, run, rows, used),
      ...storeTile(run, output, residual, run.start),
    ]
    const often = (run: ColumnRun): Statement[] => {
      const inputStep = run.columns * shape.stride * pixelBytes
      const outputStep = run.columns * pixelBytes
      const pointers = [...moving.rows, moving.output, ...(shape.addsResidual ? [moving.residual] : [])]
      const origins = [...rows, output, residual]
      return [
        ...pointers.map((pointer, index) => pointer.set(origins[index]!.get)),
        ...repeat(local, run.count, moving.output, outputStep, [
          ...tileSums(emitter, shape, run, moving.rows, used),
          ...storeTile(run, moving.output, moving.residual, run.start),
          ...moving.rows.map((row) => advance(row, inputStep)),
          ...pointers.slice(rows.length).map((pointer) => advance(pointer, outputStep)),
        ]),
      ]
    }
    const taps = used.kernel.flat()
    return [
      end.set(plus(weights.get, weightBytes(shape))),
      loopWhile(
        [
          ...[used.bias, ...taps].map((vector, index) => vector.set(load('v128.load', weights.get, index * vectorBytes))),
          ...columnRuns(shape).flatMap((run) => (run.count === 1 ? once(run) : often(run))),
          ...[...rows, output, ...(shape.addsResidual ? [residual] : [])].map((pointer) => advance(pointer, vectorBytes)),
          advance(weights, (taps.length + 1) * vectorBytes),
        ],
        op('i32.ne', weights.get, end.get),
      ),
    ]
  })
}
