import type { Facts } from './facts.js'

/** Facts, and for those that were left out the reasons, in one sentence each. */
export interface FoundFacts {
  readonly facts: Facts
  readonly reasons: readonly string[]
}

export const nothingFound: FoundFacts = { facts: {}, reasons: [] }

/** The logits that labels are for. */
export interface Logits {
  readonly count: number
  /** Whether one of them is known to be that of a background class. Labels may leave it out. */
  readonly hasBackground: boolean
}
