/** Runs of a racer, unless it is slow. */
export const runs = 20

/** Runs of a slow racer, and the fewest whose median counts. */
export const leastRuns = 3

/** Milliseconds of a first run from which a racer is slow: plain JavaScript takes half a second. */
export const slow = 250

/** How often a racer with these times runs in all. */
export function runsFor(times: readonly number[]): number {
  return (times[0] ?? 0) > slow ? leastRuns : runs
}
