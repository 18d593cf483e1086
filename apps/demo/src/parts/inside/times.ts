import type { LayerId, LayerTime } from '@mobilenetv2/spec'

/** Milliseconds over several rounds. */
export interface Times {
  readonly median: number
  /** A quarter of the rounds was faster. */
  readonly low: number
  /** A quarter of the rounds was slower. */
  readonly high: number
  readonly rounds: number
}

/** The value below which a share of the values lies, from 0 to 1, between two values by their distance. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const position = share * (sorted.length - 1)
  const [below, above] = [sorted[Math.floor(position)] ?? Number.NaN, sorted[Math.ceil(position)] ?? Number.NaN]
  return below + (above - below) * (position - Math.floor(position))
}

/** The rounds of `profile`. */
export type Rounds = readonly (readonly LayerTime[])[]

function timesOf(values: readonly number[]): Times {
  return { median: quantile(values, 0.5), low: quantile(values, 0.25), high: quantile(values, 0.75), rounds: values.length }
}

/** The time of what begins in one of these layers, with the layers after it that run in one piece with it; null if nothing begins in them. */
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
