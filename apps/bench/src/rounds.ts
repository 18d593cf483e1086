import type { Rounds } from './statistics.js'

/** The number of rounds, and the limits for slow contenders. */
export interface RoundsSettings {
  readonly runs: number
  /** The runs of each contender before the first round that counts; fewer if `warmUpMs` have passed. */
  readonly warmUp: number
  readonly warmUpMs: number
  /** A contender that would need longer than this for all rounds takes part in every second, fourth, … round, but in at least three. */
  readonly budgetMs: number
  /**
   * Whether there is more than one thread. If so, each counted run comes after a pause, so that threads that still spin after the run
   * before do not take its cores. After the pause come runs that do not count, because sleeping cores and threads wake slowly.
   */
  readonly threaded: boolean
}

const fewestRuns = 3

const pauseMs = 30
const wakingRuns = 6

/** The settings of the paired rounds. */
export function pairedRounds(runs: number, threads: number): RoundsSettings {
  return { runs, warmUp: 10, warmUpMs: 3000, budgetMs: 20_000, threaded: threads > 1 }
}

/**
 * A contender takes part in every `stride`-th round. The stride is a power of two: every round of a slow contender is then also a round of
 * each faster one, so that any two contenders can be compared.
 */
export function strideOf(runMs: number, { runs, budgetMs }: RoundsSettings): number {
  let stride = 1
  while (Math.ceil(runs / stride) * runMs > budgetMs && Math.ceil(runs / (2 * stride)) >= fewestRuns) stride *= 2
  return stride
}

async function timed(run: () => unknown): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}

/**
 * Times `runs` in turn, round by round (ABAB…), so that a drift of the machine's speed affects all of them alike.
 * @param onRound called before each round that counts
 * @returns milliseconds for each, round by round
 */
export async function timeRounds(
  runs: readonly (() => unknown)[],
  settings: RoundsSettings,
  onRound: (round: number) => void,
): Promise<Rounds[]> {
  const strides: number[] = []
  for (const run of runs) {
    const warm: number[] = []
    const start = performance.now()
    do warm.push(await timed(run))
    while (warm.length < settings.warmUp && performance.now() - start < settings.warmUpMs)
    strides.push(strideOf(Math.min(...warm), settings))
  }
  const settle = async (run: () => unknown): Promise<void> => {
    if (!settings.threaded) return
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    for (let waking = 0; waking < wakingRuns; waking++) await run()
  }
  const times: (number | null)[][] = runs.map(() => [])
  for (let round = 0; round < settings.runs; round++) {
    onRound(round)
    for (const [index, run] of runs.entries()) {
      const takesPart = round % strides[index]! === 0
      if (takesPart) await settle(run)
      times[index]!.push(takesPart ? await timed(run) : null)
    }
  }
  return times
}
