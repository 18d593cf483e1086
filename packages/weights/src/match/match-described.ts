import { type Architecture, defineMobileNet, type Layer, type LayerId } from '@mobilenetv2/spec'
import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError, type CheckpointErrorDetails } from '../checkpoint-error.js'
import { labelsOfCheckpoint } from '../facts/file-labels.js'
import { nothingFound } from '../facts/found-facts.js'
import type { Budget } from '../formats/budget.js'
import type { Graph, GraphOperator } from '../graph/graph.js'
import { type ModelDescription, readDescription } from '../model-description.js'
import type { OutputKind } from '../network.js'
import { layersOfGraph, poolsOnePosition } from './layers-of-graph.js'
import type { CheckpointMatch } from './match-checkpoint.js'
import { ownFacts, ownReason } from './own-facts.js'

function contradiction(details: CheckpointErrorDetails): CheckpointError {
  return new CheckpointError('The description in the file does not match its graph.', {
    ...details,
    remedy: 'Write the file again, or remove the entry mobilenetv2 from its metadata if you changed the graph on purpose.',
  })
}

/**
 * The operators of a graph by layer, matched by their order. A pool of one position may be missing.
 * @throws CheckpointError if the graph has more or fewer operators than there are layers
 */
function inOrder({ operators }: Graph, layers: readonly Layer[]): ReadonlyMap<LayerId, GraphOperator> {
  const found = new Map<LayerId, GraphOperator>()
  let next = 0
  for (const layer of layers) {
    const operator = operators[next]
    if (poolsOnePosition(layer) && operator?.kind !== layer.kind) continue
    if (operator === undefined) throw contradiction({ expected: `the layer ${layer.id}`, got: 'the end of the graph' })
    found.set(layer.id, operator)
    next += 1
  }
  const left = operators[next]
  if (left === undefined) return found
  throw contradiction({ expected: `the end of the graph after ${layers.at(-1)?.id}`, got: left.name })
}

/**
 * How the last layer is read: as the description states, unless only the graph states it.
 * @throws CheckpointError if one states softmax and the other sigmoid
 */
function outputOf({ output = 'logits' }: ModelDescription, { endsIn }: Graph): OutputKind {
  if (endsIn === null || endsIn === output) return output
  if (output === 'logits') return endsIn
  throw contradiction({ expected: output, got: `a graph that ends in a ${endsIn}` })
}

/** @throws CheckpointError if the graph takes other pictures than the description states */
function checkInput({ input, inputScaling, repeatsInput }: Graph, { height, width }: Architecture['input']): void {
  if ((input.height ?? height) !== height || (input.width ?? width) !== width) {
    throw contradiction({ expected: `pictures of ${height} x ${width}`, got: `${input.height} x ${input.width}` })
  }
  if (inputScaling !== null || repeatsInput === true) {
    throw contradiction({ expected: 'a graph that takes its input as it is', got: 'one that scales or repeats it first' })
  }
}

/**
 * Matches a file with a graph that this project wrote.
 * @param json the description of the network in the file's metadata
 * @throws CheckpointError if the description is damaged, or describes another network; MobileNetV2Error `OPTION` if its options are out of
 * range
 */
export function matchDescribed(checkpoint: Checkpoint, graph: Graph, json: string, budget: Budget): CheckpointMatch {
  const description = readDescription(json, budget)
  const { options, labels, background, report } = description
  const { classes, input } = defineMobileNet(options)
  checkInput(graph, input)
  const logits = { count: classes, hasBackground: background !== null }
  // The labels may have been added later by another program.
  const found = labels === undefined ? labelsOfCheckpoint(checkpoint, logits, budget) : nothingFound
  return {
    options,
    classes,
    naming: 'mobilenetv2',
    conventions: () => ({}),
    facts: { ...found.facts, ...ownFacts({ ...description, output: outputOf(description, graph) }, classes) },
    report,
    reasons: [ownReason, ...found.reasons],
    tensorsOf: (architecture) => layersOfGraph(checkpoint, graph, inOrder(graph, architecture.layers), architecture),
  }
}
