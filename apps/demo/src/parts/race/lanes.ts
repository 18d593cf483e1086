import { type Spread, spreadOf } from '../../spread.js'
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

/** How long a picture takes in a lane, in milliseconds; null if it has not run yet. */
export function laneSpread({ times }: Pick<Lane, 'times'>): Spread | null {
  return times.length === 0 ? null : spreadOf(times)
}

/** The lanes that have run, the fastest first; those that wait or failed keep their order behind them. */
export function ranked(lanes: readonly Lane[]): readonly Lane[] {
  const last = Number.POSITIVE_INFINITY
  const medianOf = (lane: Lane): number => (lane.state === 'failed' ? last : (laneSpread(lane)?.median ?? last))
  return lanes.toSorted((a, b) => medianOf(a) - medianOf(b) || 0)
}

/** How the race ended. */
export interface Outcome {
  readonly winner: Lane
  /** The next lane, if the middle halves of its runs and the winner's overlap: then neither has won. */
  readonly tiedWith: Lane | null
  /** For each other library: how many times as fast as the library's best lane the winner is. The closest library comes first. */
  readonly against: readonly { readonly library: string; readonly times: number }[]
}

/** The winner, and by how much it won; null if no lane has finished. */
export function outcomeOf(lanes: readonly Lane[]): Outcome | null {
  const finished = ranked(lanes.filter(({ state, times }) => state === 'done' && times.length > 0))
  const [winner, next] = finished
  if (winner === undefined) return null
  const own = laneSpread(winner)!.median
  const best = new Map<string, number>()
  for (const lane of finished) {
    const { library } = racers[lane.id]
    if (library !== racers[winner.id].library && !best.has(library)) best.set(library, laneSpread(lane)!.median / own)
  }
  const isTie = next !== undefined && laneSpread(next)!.low <= laneSpread(winner)!.high
  return { winner, tiedWith: isTie ? next : null, against: [...best].map(([library, times]) => ({ library, times })) }
}

/** By how much the winner won, such as "2.1 times as fast as TensorFlow.js"; empty if there was no other library. */
export function margin({ against }: Outcome): string {
  return against.map(({ library, times }) => `${times.toFixed(times < 10 ? 1 : 0)} times as fast as ${library}`).join(', ')
}
