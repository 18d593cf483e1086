/** The value below which the share `at` (0 to 1) of the values lies, between the two nearest where it falls between them. */
export function quantile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const position = at * (sorted.length - 1)
  const below = sorted[Math.floor(position)] ?? Number.NaN
  const above = sorted[Math.ceil(position)] ?? Number.NaN
  return below + (above - below) * (position - Math.floor(position))
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** Milliseconds by round; null in a round that was left out. */
export type Rounds = readonly (number | null)[]

/** What the rounds of one contender say. */
export interface Timing {
  readonly medianMs: number
  readonly minMs: number
  /** The middle 80 % of the runs lies between these two. */
  readonly lowMs: number
  readonly highMs: number
  readonly runs: number
  /** The median over the rounds in which both ran of this contender's time by the first one's. */
  readonly ratioToFirst: number
  /** The median over rounds of the share of the peak, `work` by time and by the speed of the peak kernel in the same round. */
  readonly peakShare: number
}

/** The median over the rounds that both have. */
function medianRatio(own: Rounds, other: Rounds, factor = 1): number {
  return median(
    own.flatMap((time, round) => {
      const beside = other[round] ?? null
      return time === null || beside === null ? [] : [(factor * time) / beside]
    }),
  )
}

/**
 * @param own the contender's rounds
 * @param first the rounds of the contender that the ratio is to
 * @param peak the rounds of the peak kernel
 * @param workRatio the contender's work by the peak kernel's and by the number of threads, both in floating-point operations
 */
export function timingOf(own: Rounds, first: Rounds, peak: Rounds, workRatio: number): Timing {
  const times = own.filter((time) => time !== null)
  return {
    medianMs: median(times),
    minMs: Math.min(...times),
    lowMs: quantile(times, 0.1),
    highMs: quantile(times, 0.9),
    runs: times.length,
    ratioToFirst: medianRatio(own, first),
    peakShare: medianRatio(peak, own, workRatio),
  }
}
