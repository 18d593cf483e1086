import { type Place, refuseOperator } from './graph-builder.js'

/** The least and the most inputs that each operator of a format takes. */
export type InputCounts = ReadonlyMap<string, readonly [least: number, most: number]>

/** Makes the counts of a table: the operators by how many inputs they take, `2` or `2-3`, their names with spaces between them. */
export function inputCounts(table: Readonly<Record<string, string>>): InputCounts {
  return new Map(
    Object.entries(table).flatMap(([range, operators]) => {
      const [least = 0, most = least] = range.split('-').map(Number)
      return operators.split(' ').map((operator) => [operator, [least, most]] as const)
    }),
  )
}

/**
 * Checks how many inputs an operator takes: one too many would be left out in silence. Operators that are not in `counts` are not checked.
 * @throws CheckpointError if they are too few or too many
 */
export function checkInputCount(place: Place, counts: InputCounts, count: number): void {
  const [least, most] = counts.get(place.operation) ?? [count, count]
  if (count >= least && count <= most) return
  refuseOperator(place, least === most ? `${least} inputs` : `${least} to ${most} inputs`, String(count))
}
