import { refuseOption } from '@mobilenetv2/spec'
import { type Checkpoint, descriptionKey } from '../checkpoint.js'
import type { Budget } from '../formats/budget.js'
import type { CheckpointMatch, MatchOptions } from './match-checkpoint.js'

/**
 * Matches a checkpoint that this project did not write: by its graph if the file has one, else by the names of its tensors. What each way
 * needs is imported only then.
 * @throws CheckpointError if the file is no MobileNetV2; MobileNetV2Error `OPTION` if the option `weights` has no effect on it
 */
export async function matchOther(checkpoint: Checkpoint, options: MatchOptions, budget: Budget): Promise<CheckpointMatch> {
  const { graph, metadata } = checkpoint
  if (options.weights !== undefined && (graph !== null || descriptionKey in metadata)) {
    refuseOption('weights', options.weights, 'nothing for a file that describes its one network')
  }
  return graph === null
    ? (await import('./match-names.js')).matchNames(checkpoint, options, budget)
    : (await import('./match-graph.js')).matchGraph(checkpoint, graph)
}
