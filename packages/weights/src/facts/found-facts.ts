import type { Facts } from './facts.js'

/** Facts, and for each fact that was left out one sentence that says why. */
export interface FoundFacts {
  readonly facts: Facts
  readonly reasons: readonly string[]
}

export const nothingFound: FoundFacts = { facts: {}, reasons: [] }

/** The logits that labels are for. */
export interface Logits {
  readonly count: number
  /** Whether one of the logits is known to belong to a background class. Labels may leave that class out. */
  readonly hasBackground: boolean
}
