import type { Rounds } from './statistics.js'

/** How many rounds, and what slow contenders are spared. */
export interface RoundsSettings {
  readonly runs: number
  /** Runs of each before the first round that counts, unless `warmUpMs` have passed. */
  readonly warmUp: number
  readonly warmUpMs: number
  /** Where all rounds would take a contender longer than this, it takes part in every second, fourth, … round, in three at least. */
  readonly budgetMs: number
  /**
   * More than one thread. Before each counted run there is then a pause, so that threads which still spin after the last one do not
   * take its processors, and after the pause runs that do not count, since processors and threads that slept wake slowly.
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
 * Every how many rounds a contender takes part: a power of two, so that the rounds of a slower one are also those of a faster one,
 * and every two contenders meet.
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
 * Times `runs` in turn, round by round (ABAB…), so that a machine whose speed drifts drifts for all of them.
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
