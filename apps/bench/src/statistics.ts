/** The quantile of the values at `at` (0 to 1), with linear interpolation between the two nearest values. */
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

/** Milliseconds by round; null in a round in which the contender did not take part. */
export type Rounds = readonly (number | null)[]

/** The statistics of one contender's rounds. */
export interface Timing {
  readonly medianMs: number
  readonly minMs: number
  /** The 10th percentile of the runs. */
  readonly lowMs: number
  /** The 90th percentile of the runs. */
  readonly highMs: number
  readonly runs: number
  /** This contender's time divided by the first one's in the same round: the median over the rounds in which both ran. */
  readonly ratioToFirst: number
  /** The contender's speed divided by the peak kernel's in the same round and by the number of threads: the median over the rounds. */
  readonly peakShare: number
}

/** The median ratio over the rounds in which both took part. */
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
 * @param first the rounds of the contender that it is compared with
 * @param peak the rounds of the peak kernel
 * @param workRatio the contender's floating-point operations, divided by the peak kernel's and by the number of threads
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
