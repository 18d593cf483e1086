import type { Checkpoint } from '../checkpoint.js'
import type { Budget } from '../formats/budget.js'
import type { CheckpointMatch } from '../match/match-checkpoint.js'
import { factsAround } from './beside-facts.js'
import { type Facts, mergeFacts } from './facts.js'
import { type FoundFacts, nothingFound } from './found-facts.js'

/** What a file says, and what lies around it. */
export interface DescribedFacts {
  /** What the file itself states: its graph, its metadata. */
  readonly own: FoundFacts
  /** What files beside it say, and the names of its layers. */
  readonly around: FoundFacts
}

/**
 * What a file says beside its tensors, and what lies around it.
 * @param stated what the caller and a publisher state
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
