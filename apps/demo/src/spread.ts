/** The median and the middle half of some values. */
export interface Spread {
  readonly median: number
  /** A quarter of the values are at most this. */
  readonly low: number
  /** Three quarters of the values are at most this. */
  readonly high: number
}

/** The quantile at a share from 0 to 1, interpolated between the two nearest values; NaN if there are no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const place = share * (sorted.length - 1)
  const [below, above] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN]
  return below + (above - below) * (place - Math.floor(place))
}

/** The median and the middle half of some values; NaN if there are no values. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: quantile(values, 0.5), low: quantile(values, 0.25), high: quantile(values, 0.75) }
}
