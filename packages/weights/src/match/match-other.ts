import type { Checkpoint } from '../checkpoint.js'
import type { CheckpointMatch, MatchOptions } from './match-checkpoint.js'

/**
 * Matches a checkpoint that this project did not write: by its graph if the file has one, else by the names of its tensors. What each way
 * needs is imported only then.
 * @throws CheckpointError if the file is no MobileNetV2
 */
export async function matchOther(checkpoint: Checkpoint, options: MatchOptions): Promise<CheckpointMatch> {
  const { graph } = checkpoint
  return graph === null
    ? (await import('./match-names.js')).matchNames(checkpoint, options)
    : (await import('./match-graph.js')).matchGraph(checkpoint, graph)
}
