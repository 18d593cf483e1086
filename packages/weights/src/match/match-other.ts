import { refuseOption } from '@mobilenetv2/spec'
import { type Checkpoint, descriptionKey } from '../checkpoint.js'
import type { Budget } from '../formats/budget.js'
import type { CheckpointMatch, MatchOptions } from './match-checkpoint.js'

/**
 * Matches a checkpoint that is no safetensors file of this project: by its graph if the file has one, with the description beside it if this
 * project wrote it; else by the names of its tensors. What each way needs is imported only then.
 * @throws CheckpointError if the file is no MobileNetV2; MobileNetV2Error `OPTION` if the option `weights` has no effect on it
 */
export async function matchOther(checkpoint: Checkpoint, options: MatchOptions, budget: Budget): Promise<CheckpointMatch> {
  const { graph, metadata } = checkpoint
  if (options.weights !== undefined && (graph !== null || descriptionKey in metadata)) {
    refuseOption('weights', options.weights, 'nothing for a file that describes its one network')
  }
  if (graph === null) return (await import('./match-names.js')).matchNames(checkpoint, options, budget)
  const description = metadata[descriptionKey]
  if (typeof description !== 'string') return (await import('./match-graph.js')).matchGraph(checkpoint, graph)
  return (await import('./match-described.js')).matchDescribed(checkpoint, graph, description, budget)
}
