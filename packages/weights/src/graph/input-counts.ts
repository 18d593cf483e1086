import { type Place, refuseOperator } from './graph-builder.js'

/** The least and the most inputs of each operator of a format. */
export type InputCounts = ReadonlyMap<string, readonly [least: number, most: number]>

/** Makes the counts from a table. A key is a number of inputs, `2` or `2-3`, and its value the operators, separated by spaces. */
export function inputCounts(table: Readonly<Record<string, string>>): InputCounts {
  return new Map(
    Object.entries(table).flatMap(([range, operators]) => {
      const [least = 0, most = least] = range.split('-').map(Number)
      return operators.split(' ').map((operator) => [operator, [least, most]] as const)
    }),
  )
}

/**
 * Checks the number of inputs of an operator, because an input too many would be ignored silently. Operators that are not in `counts` are
 * not checked.
 * @throws CheckpointError if there are too few or too many
 */
export function checkInputCount(place: Place, counts: InputCounts, count: number): void {
  const [least, most] = counts.get(place.operation) ?? [count, count]
  if (count >= least && count <= most) return
  refuseOperator(place, least === most ? `${least} inputs` : `${least} to ${most} inputs`, String(count))
}
