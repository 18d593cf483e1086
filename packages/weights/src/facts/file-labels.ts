import type { Checkpoint } from '../checkpoint.js'
import type { Budget } from '../formats/budget.js'
import { factsFrom } from './facts.js'
import { type FoundFacts, type Logits, nothingFound } from './found-facts.js'
import { backgroundAmong, fitsLogits } from './label-counts.js'
import { labelsWithin, type NamedLabels } from './plain-labels.js'

function fits({ labels }: NamedLabels, { count, hasBackground }: Logits): boolean {
  return fitsLogits(labels, count) || (hasBackground && labels.length === count - 1)
}

/**
 * The first labels that fit the logits, as facts. If none fit, the reason says so.
 * @param source what reasons call the source of the labels: `the file`
 */
export function labelFacts(candidates: readonly NamedLabels[], logits: Logits, source: string): FoundFacts {
  const chosen = candidates.find((candidate) => fits(candidate, logits))
  const inPath = ({ path }: NamedLabels): string => (path === '' || path === 'labels' ? '' : ` in ${path}`)
  if (chosen === undefined) {
    const [first] = candidates
    if (first === undefined) return nothingFound
    return {
      facts: {},
      reasons: [`labels left out: ${source} has ${first.labels.length}${inPath(first)} for ${logits.count} classes`],
    }
  }
  const { labels } = chosen
  const background =
    labels.length === logits.count ? factsFrom({ background: backgroundAmong(labels) }, `the labels in ${source} say so`) : {}
  return { facts: { ...factsFrom({ labels }, `${source} names them${inPath(chosen)}`), ...background }, reasons: [] }
}

/** The labels in a checkpoint itself. */
export function labelsOfCheckpoint({ metadata }: Checkpoint, logits: Logits, budget: Budget): FoundFacts {
  return logits.count === 0 ? nothingFound : labelFacts(labelsWithin(metadata, budget), logits, 'the file')
}
