import { type RacerId, racers } from './racers.js'

/** A racer and how far it is. */
export interface Lane {
  readonly id: RacerId
  readonly state: 'waiting' | 'starting' | 'running' | 'done' | 'failed'
  /** Milliseconds of each run. */
  readonly times: readonly number[]
  /** What it runs on, in its own words; empty until it has started. */
  readonly device: string
  /** Why it failed; empty unless it did. */
  readonly message: string
}

/** How long a picture takes in one lane, in milliseconds. */
export interface Spread {
  readonly median: number
  /** A quarter of the runs took at most this long. */
  readonly low: number
  /** Three quarters of the runs took at most this long. */
  readonly high: number
}

/** The value below which a share of some numbers lies, interpolated between neighbours; NaN of none. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}

/** The median and the middle half of a lane's runs; null if it has not run yet. */
export function spreadOf({ times }: Pick<Lane, 'times'>): Spread | null {
  if (times.length === 0) return null
  return { median: quantile(times, 0.5), low: quantile(times, 0.25), high: quantile(times, 0.75) }
}

/** The lanes that have run, the fastest first; those that wait or failed keep their order behind them. */
export function ranked(lanes: readonly Lane[]): readonly Lane[] {
  const last = Number.POSITIVE_INFINITY
  const medianOf = (lane: Lane): number => (lane.state === 'failed' ? last : (spreadOf(lane)?.median ?? last))
  return lanes.toSorted((a, b) => medianOf(a) - medianOf(b) || 0)
}

/** How the race ended. */
export interface Outcome {
  readonly winner: Lane
  /** How many times as fast as each other library's best lane the winner is; the closest library first. */
  readonly against: readonly { readonly library: string; readonly times: number }[]
}

/** The winner, and by how much it won; null if no lane has finished. */
export function outcomeOf(lanes: readonly Lane[]): Outcome | null {
  const finished = ranked(lanes.filter(({ state, times }) => state === 'done' && times.length > 0))
  const [winner] = finished
  if (winner === undefined) return null
  const own = spreadOf(winner)!.median
  const best = new Map<string, number>()
  for (const lane of finished) {
    const { library } = racers[lane.id]
    if (library !== racers[winner.id].library && !best.has(library)) best.set(library, spreadOf(lane)!.median / own)
  }
  return { winner, against: [...best].map(([library, times]) => ({ library, times })) }
}

/** By how much the winner won, such as "2.1 times as fast as TensorFlow.js"; empty if there was no other library. */
export function margin({ against }: Outcome): string {
  return against.map(({ library, times }) => `${times.toFixed(times < 10 ? 1 : 0)} times as fast as ${library}`).join(', ')
}
