import { bytes16, type Code, type Local, load, type NewLocal, op, type Statement, shuffle } from '@mobilenetv2/assembler'
import type { WindowShape } from '../window.js'
import { placesInWindow } from './shape.js'

/** The columns of a window: a dot product takes four values of each channel. */
const windowColumns = 4

/** Interleaves the bytes of two vectors from `first` on, `size` bytes of each at a time. */
function interleaved(a: Code<'v128'>, b: Code<'v128'>, first: number, size: number): Code<'v128'> {
  const lanes = Array.from({ length: 16 }, (_, byte) => {
    const group = Math.floor(byte / size)
    return first + Math.floor(group / 2) * size + (byte % size) + (group % 2) * 16
  })
  return shuffle(a, b, lanes)
}

/** The locals for windows: two pairs of columns, and the windows of the first four and of the last four channels. */
export interface WindowLocals {
  readonly pairs: readonly [Local<'v128'>, Local<'v128'>]
  readonly windows: readonly [Local<'v128'>, Local<'v128'>]
}

export function windowLocals(local: NewLocal): WindowLocals {
  return { pairs: [local('v128'), local('v128')], windows: [local('v128'), local('v128')] }
}

/** The columns of one input row under a tile of outputs. */
export interface WindowRow {
  readonly row: Local<'i32'>
  /** The map's column under the first tap of the first output; negative in the padding on the left. */
  readonly first: number
  readonly pixelBytes: number
  /** The byte of which all columns outside of the map consist. */
  readonly outside: number
}

/**
 * Adds the products of one row to the sums of 8 channels in 8 bits. Columns are interleaved, so that 32 bits have four columns of a
 * channel: a window. With stride 1 a window has two outputs, and the taps of the second one begin one column later.
 * @param taps by the place of the output in its window, then by four channels: the taps of three columns and a zero
 * @param sums by output, then by four channels
 */
export function windowSums(
  { kernelSize, stride, inputWidth }: Pick<WindowShape, 'kernelSize' | 'stride' | 'inputWidth'>,
  { row, first, pixelBytes, outside }: WindowRow,
  { pairs, windows }: WindowLocals,
  taps: readonly (readonly Local<'v128'>[])[],
  sums: readonly (readonly Local<'v128'>[])[],
): Statement[] {
  const places = placesInWindow(stride)
  const width = (sums.length - 1) * stride + kernelSize
  const column = (index: number): Code<'v128'> => {
    const inMap = first + index >= 0 && first + index < inputWidth
    return inMap ? load('v128.load64_zero', row.get, (first + index) * pixelBytes) : bytes16(Array(16).fill(outside))
  }
  const setPair = (index: number): Statement => {
    const [left, right] = [2 * index, 2 * index + 1]
    // A column after the last tap may have any value: it is multiplied by zero.
    return pairs[index % 2]!.set(interleaved(column(left), column(right < width ? right : left), 0, 1))
  }
  const count = Math.ceil(sums.length / places)
  return [
    setPair(0),
    ...Array.from({ length: count }, (_, index) => [
      setPair(index + 1),
      ...windows.map((window, half) =>
        window.set(interleaved(pairs[index % 2]!.get, pairs[(index + 1) % 2]!.get, half * 2 * windowColumns, 2)),
      ),
      ...sums
        .slice(index * places, (index + 1) * places)
        .flatMap((sum, place) =>
          sum.map((vector, half) =>
            vector.set(op('i32x4.relaxed_dot_i8x16_i7x16_add_s', taps[place]![half]!.get, windows[half]!.get, vector.get)),
          ),
        ),
    ]).flat(),
  ]
}

/** The taps of one channel in one row of a kernel, as `windowSums` reads them: four for each place in a window. */
export function windowTaps(row: readonly number[], stride: number): number[][] {
  return Array.from({ length: placesInWindow(stride) }, (_, place) =>
    Array.from({ length: windowColumns }, (_, column) => row[column - place] ?? 0),
  )
}
