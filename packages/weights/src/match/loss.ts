import type { Checkpoint, PlainValue } from '../checkpoint.js'
import { type Facts, factsFrom } from '../facts/facts.js'

/** Class names of losses for independent probabilities. */
const independent = /^(\w+\.)*(BCE|BinaryCrossEntropy|AsymmetricLoss)|^binary_cross_?entropy/i

/** The names under which files state their loss. */
const lossKey = /^(\w*loss(_?(fn|func|function|name|type))?|criterion)$/i

/** How deep values may be nested. */
const deepest = 16

/** The loss of independent probabilities in a value: the class of a module, or a text under the name of a loss; null if there is none. */
function lossIn(value: PlainValue, key: string, depth: number): string | null {
  if (typeof value === 'string') {
    return (lossKey.test(key) || key === '__class__') && independent.test(value) ? value.slice(0, 100) : null
  }
  if (typeof value !== 'object' || value === null || depth > deepest) return null
  for (const [name, child] of Object.entries(value)) {
    const found = lossIn(child, name, depth + 1)
    if (found !== null) return found
  }
  return null
}

/** The facts about the output that follow from the loss in a checkpoint of a training. */
export function lossFacts({ tensors, metadata }: Checkpoint): Facts {
  const weights = [...tensors.keys()].find((name) => /(^|\.)pos_weight$/.test(name))
  if (weights !== undefined) {
    return factsFrom({ output: 'sigmoid' }, `${weights} belongs to a loss of independent probabilities`)
  }
  const loss = lossIn(metadata, '', 0)
  return loss === null ? {} : factsFrom({ output: 'sigmoid' }, `the file names the loss ${loss}`)
}
