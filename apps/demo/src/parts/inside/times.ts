import type { LayerId, LayerTime } from '@mobilenetv2/spec'
import { type Spread, spreadOf } from '../../spread.js'

/** Milliseconds over several rounds. */
export interface Times extends Spread {
  readonly rounds: number
}

/** The rounds of `profile`. */
export type Rounds = readonly (readonly LayerTime[])[]

const timesOf = (values: readonly number[]): Times => ({ ...spreadOf(values), rounds: values.length })

/** The time of the groups of fused layers that begin with one of these layers; null if none begins there. */
export function timesFrom(rounds: Rounds, ids: ReadonlySet<LayerId>): Times | null {
  const begins = ({ layers: [first] }: LayerTime): boolean => first !== undefined && ids.has(first)
  if (!(rounds[0] ?? []).some(begins)) return null
  return timesOf(rounds.map((round) => round.filter(begins).reduce((sum, { milliseconds }) => sum + milliseconds, 0)))
}

/** The time of the whole network: of all layers, and outside of them; null if there is no round yet. */
export function timesOfAll(rounds: Rounds): Times | null {
  if (rounds.length === 0) return null
  return timesOf(rounds.map((round) => round.reduce((sum, { milliseconds }) => sum + milliseconds, 0)))
}
