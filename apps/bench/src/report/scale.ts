/** A value joins the linear scale if it is at most this many times the smallest value. */
const scaleFactor = 6

/** The end of the scale of a group of values: the largest value that is not far out of proportion to the smallest. */
export function scaleEnd(values: readonly number[]): number {
  const smallest = Math.min(...values)
  return Math.max(...values.filter((value) => value <= smallest * scaleFactor))
}
