import type { Where } from './contender.js'
import type { ContenderName } from './registry.js'

/** What one run of the bench is asked to do. */
export interface Settings {
  readonly where: readonly Where[]
  /** Null for all that can run in a place. */
  readonly contenders: readonly ContenderName[] | null
  readonly threads: readonly number[]
  readonly runs: number
  /** Null for the model's own, or for 1 and 224 without a model. */
  readonly widthMultiplier: number | null
  readonly size: number | null
  readonly batch: number
  readonly model: string | null
  readonly scaling: boolean
  /** A folder of photos, for the whole way from file to answer in place of the network alone; null unless asked for. */
  readonly photos: string | null
  readonly json: string | null
  readonly html: string | null
}
