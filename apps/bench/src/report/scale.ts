/** Up to this many times the smallest, values share one linear scale. */
const scaleFactor = 6

/** Where the scale of a group of values ends: at the largest that is not out of all proportion to the smallest. */
export function scaleEnd(values: readonly number[]): number {
  const smallest = Math.min(...values)
  return Math.max(...values.filter((value) => value <= smallest * scaleFactor))
}
