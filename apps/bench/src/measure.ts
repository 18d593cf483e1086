import type { Runner } from './contender.js'

/** Milliseconds of one contender over all rounds. */
export interface Timing {
  readonly medianMs: number
  readonly minMs: number
  /** The median over rounds of this contender's time by the first contender's in the same round. */
  readonly ratioToFirst: number
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** Times the runners in turn, round by round, so that a machine whose speed drifts drifts for all of them. */
export async function measure(
  runners: readonly Runner[],
  { warmUp, rounds }: { warmUp: number; rounds: number },
): Promise<Timing[]> {
  const times: number[][] = runners.map(() => [])
  for (let round = -warmUp; round < rounds; round++) {
    for (const [index, runner] of runners.entries()) {
      const start = performance.now()
      await runner.run()
      if (round >= 0) times[index]?.push(performance.now() - start)
    }
  }
  const first = times[0] ?? []
  return times.map((own) => ({
    medianMs: median(own),
    minMs: Math.min(...own),
    ratioToFirst: median(own.map((time, round) => time / (first[round] ?? Number.NaN))),
  }))
}
