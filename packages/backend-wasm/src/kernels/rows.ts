import { type Code, i32, type NewLocal, op, plus, type Statement } from '@mobilenetv2/assembler'
import { floatBytes, type WindowShape } from '../planner/kernel.js'

/** How the rows of a map lie in memory: all of them, or the newest `rows` in a ring in which row r stands in slot r modulo `rows`. */
export interface RowLayout {
  readonly pixelBytes: number
  readonly rowBytes: number
  readonly rows: number | 'all'
}

/** A map that is whole, with all its channels side by side. */
export function wholeMap({ inputWidth, channels }: WindowShape): RowLayout {
  return { pixelBytes: channels * floatBytes, rowBytes: inputWidth * channels * floatBytes, rows: 'all' }
}

/** base + index * bytes. */
export function indexed(base: Code<'i32'>, index: Code<'i32'>, bytes: number): Code<'i32'> {
  return op('i32.add', base, op('i32.mul', index, i32(bytes)))
}

/** Address of row `index` of a map that begins at `base`. */
export function rowAddress(base: Code<'i32'>, index: Code<'i32'>, { rowBytes, rows }: RowLayout): Code<'i32'> {
  return indexed(base, rows === 'all' ? index : op('i32.rem_u', index, i32(rows)), rowBytes)
}

/**
 * The addresses of the rows under the window of output row `row`; rows above and below the map are the row of zeros at address
 * 0. `set` comes first.
 */
export function windowRows(
  local: NewLocal,
  { kernelSize, stride, top, inputHeight }: WindowShape,
  row: Code<'i32'>,
  base: Code<'i32'>,
  layout: RowLayout,
): { set: Statement[]; addresses: Code<'i32'>[] } {
  const first = local('i32')
  const addresses = Array.from({ length: kernelSize }, (_, offset) => {
    const index = plus(first.get, offset)
    return op('i32.select', rowAddress(base, index, layout), i32(0), op('i32.lt_u', index, i32(inputHeight)))
  })
  return { set: [first.set(plus(op('i32.mul', row, i32(stride)), -top))], addresses }
}
