import type { Checkpoint } from '../checkpoint.js'
import type { Budget } from '../formats/budget.js'
import type { CheckpointMatch } from '../match/match-checkpoint.js'
import { factsAround } from './beside-facts.js'
import { type Facts, mergeFacts } from './facts.js'
import { type FoundFacts, nothingFound } from './found-facts.js'

/** The facts that a file states, and those from around it. */
export interface DescribedFacts {
  /** The facts in the file itself: in its graph and its metadata. */
  readonly own: FoundFacts
  /** The facts in files beside it, and those that follow from names of layers. */
  readonly around: FoundFacts
}

/**
 * Finds the facts that a file and the files beside it state.
 * @param stated the facts of the caller and of a publisher
 * @throws CheckpointError as `factsAround`
 */
export async function describeFile(
  checkpoint: Checkpoint,
  match: CheckpointMatch,
  stated: readonly Facts[],
  budget: Budget,
): Promise<DescribedFacts> {
  const known = mergeFacts([...stated, match.facts])
  const { background } = mergeFacts([known, match.conventions(known)])
  const logits = { count: match.classes, hasBackground: background != null && background.value !== null }
  const saysMore = Object.keys(checkpoint.metadata).length > 0
  const labels = saysMore ? (await import('./file-labels.js')).labelsOfCheckpoint(checkpoint, logits, budget) : nothingFound
  const own = { facts: mergeFacts([labels.facts, match.facts]), reasons: labels.reasons }
  return { own, around: await factsAround(checkpoint, mergeFacts([...stated, own.facts]), logits, budget) }
}
