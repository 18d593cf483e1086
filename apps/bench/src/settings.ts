import type { Where } from './contender.js'
import type { ContenderName } from './registry.js'

/** The settings of one run of the bench. */
export interface Settings {
  readonly where: readonly Where[]
  /** Null for all contenders that can run in a place. */
  readonly contenders: readonly ContenderName[] | null
  readonly threads: readonly number[]
  readonly runs: number
  /** Null for the values of the model; without a model, for 1 and 224. */
  readonly widthMultiplier: number | null
  readonly size: number | null
  readonly batch: number
  readonly model: string | null
  readonly scaling: boolean
  /** A folder of photos: the bench then times the whole way from file to answer. Null to time the network alone. */
  readonly photos: string | null
  readonly json: string | null
  readonly html: string | null
}
