import { refuseOption } from '@mobilenetv2/spec'
import { type Checkpoint, descriptionKey } from '../checkpoint.js'
import type { Budget } from '../formats/budget.js'
import type { CheckpointMatch, MatchOptions } from './match-checkpoint.js'

/**
 * Matches a checkpoint that is not a safetensors file of this project. If it has a graph, it is matched by that, together with the
 * description if this project wrote it. Else it is matched by the names of its tensors. The code of each way is imported only if it is
 * needed.
 * @throws CheckpointError if the file does not contain a MobileNetV2 or MobileNetV1; MobileNetV2Error `OPTION` if one of the options has no
 * effect on it
 */
export async function matchOther(checkpoint: Checkpoint, options: MatchOptions, budget: Budget): Promise<CheckpointMatch> {
  const { graph, metadata } = checkpoint
  const { weights, headActivation } = options
  if (graph !== null || descriptionKey in metadata) {
    if (weights !== undefined) refuseOption('weights', weights, 'no value for a file with a graph, which has one network')
    if (headActivation !== undefined)
      refuseOption('architecture.headActivation', headActivation, 'no value for a file that states the activations of its layers')
  }
  if (graph === null) return (await import('./match-names.js')).matchNames(checkpoint, options, budget)
  const description = metadata[descriptionKey]
  if (typeof description !== 'string') return (await import('./match-graph.js')).matchGraph(checkpoint, graph)
  return (await import('./match-described.js')).matchDescribed(checkpoint, graph, description, budget)
}
