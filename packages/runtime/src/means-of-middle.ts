const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/**
 * The mean of each column over the middle half of the rows, ranked by their sums. Whole rows are left out, so the means add up to the mean
 * time of a round.
 * @param rows milliseconds: a row for each round of a profile, all with the same columns; their number is a multiple of four
 * @internal
 */
export function meansOfMiddle(rows: readonly (readonly number[])[]): number[] {
  const middle = [...rows].sort((a, b) => sum(a) - sum(b)).slice(rows.length / 4, (rows.length * 3) / 4)
  return rows[0]!.map((_, index) => sum(middle.map((row) => row[index]!)) / middle.length)
}
