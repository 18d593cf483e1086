import { type Code, i32, op } from '@mobilenetv2/assembler'

/** How the rows of a map lie in memory: all rows, or the newest `rows` in a ring buffer, in which row r has slot r modulo `rows`. */
export interface RowLayout {
  readonly pixelBytes: number
  readonly rowBytes: number
  readonly rows: number | 'all'
}

/** The layout of a map whose rows have `width` pixels of `pixelBytes` bytes. */
export function mapLayout(width: number, pixelBytes: number, rows: RowLayout['rows'] = 'all'): RowLayout {
  return { pixelBytes, rowBytes: width * pixelBytes, rows }
}

/** base + index * bytes. */
export function indexed(base: Code<'i32'>, index: Code<'i32'>, bytes: number): Code<'i32'> {
  return op('i32.add', base, op('i32.mul', index, i32(bytes)))
}

/** The address of row `index` of a map that begins at `base`. */
export function rowAddress(base: Code<'i32'>, index: Code<'i32'>, { rowBytes, rows }: RowLayout): Code<'i32'> {
  return indexed(base, rows === 'all' ? index : op('i32.rem_u', index, i32(rows)), rowBytes)
}
