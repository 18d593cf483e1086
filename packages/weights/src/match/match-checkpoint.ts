import type { Architecture, LayerId, MobileNetV2Options } from '@mobilenetv2/spec'
import type { Checkpoint } from '../checkpoint.js'
import type { Facts } from '../facts/facts.js'
import type { RecipeName } from '../facts/recipes.js'
import { chooseNaming } from '../namings/choose-naming.js'
import type { Framework, LayerTensors, NamingName } from '../namings/naming.js'
import { matchNames, skeletonOfNames } from './match-names.js'

/** A checkpoint whose tensors are matched with the layers of a MobileNetV2. */
export interface CheckpointMatch {
  /** The options that the shapes of the tensors give: width multiplier, table, head, classes. */
  readonly options: MobileNetV2Options
  /** Length of the logits; 0 if the file has no classifier. */
  readonly classes: number
  readonly naming: NamingName
  /** Whose conventions hold if the file states none; null if it states all. */
  readonly conventions: { readonly framework: Framework; readonly recipe: RecipeName } | null
  /** What the file itself states. */
  readonly facts: Facts
  /** How the network was recognised, one sentence each. */
  readonly reasons: readonly string[]
  /**
   * The tensors of each weighted layer.
   * @throws CheckpointError if the architecture contradicts the file's graph
   */
  tensorsOf(architecture: Architecture): ReadonlyMap<LayerId, LayerTensors>
}

/**
 * Matches a checkpoint with a MobileNetV2, by its graph if the file has one, else by the names of its tensors. What only some files
 * need is imported when it is needed.
 * @throws CheckpointError if neither is that of a MobileNetV2
 */
export async function matchCheckpoint(checkpoint: Checkpoint): Promise<CheckpointMatch> {
  const { graph } = checkpoint
  if (graph !== null) return (await import('./match-graph.js')).matchGraph(checkpoint, graph)
  const named = chooseNaming(checkpoint)
  const skeleton = skeletonOfNames(checkpoint, named)
  if (named.naming.name === 'mobilenetv2') return (await import('./match-own.js')).matchOwn(checkpoint, named, skeleton)
  return matchNames(named, skeleton)
}
