import { refuseOption } from '@mobilenetv2/spec'
import { type Checkpoint, descriptionKey } from '../checkpoint.js'
import { factsFrom } from '../facts/facts.js'
import type { Budget } from '../formats/budget.js'
import type { CheckpointMatch, MatchOptions } from './match-checkpoint.js'

/**
 * Matches a checkpoint that is no safetensors file of this project: by its graph if the file has one, else by the names of its tensors.
 * How pictures are prepared stands in no graph, so it is taken from a description beside the graph if there is one. What each way needs is
 * imported only then.
 * @throws CheckpointError if the file is no MobileNetV2; MobileNetV2Error `OPTION` if the option `weights` has no effect on it
 */
export async function matchOther(checkpoint: Checkpoint, options: MatchOptions, budget: Budget): Promise<CheckpointMatch> {
  const { graph, metadata } = checkpoint
  if (options.weights !== undefined && (graph !== null || descriptionKey in metadata)) {
    refuseOption('weights', options.weights, 'nothing for a file that describes its one network')
  }
  if (graph === null) return (await import('./match-names.js')).matchNames(checkpoint, options, budget)
  const match = (await import('./match-graph.js')).matchGraph(checkpoint, graph)
  const description = metadata[descriptionKey]
  if (typeof description !== 'string') return match
  const { preprocessing } = (await import('../model-description.js')).readDescription(description, budget)
  return { ...match, facts: { ...match.facts, ...factsFrom(preprocessing, "the file's metadata say so") } }
}
