import type { Architecture, DefinitionOptions, HeadActivation, LayerId, PoolKind } from '@mobilenetv2/spec'
import { type Checkpoint, descriptionKey, type PlainValue } from '../checkpoint.js'
import type { Facts } from '../facts/facts.js'
import type { Budget } from '../formats/budget.js'
import type { LayerTensorNames, NamingName } from '../namings/naming.js'

/** A checkpoint whose tensors are matched with the layers of a MobileNetV2. */
export interface CheckpointMatch {
  /** The options that the shapes of the tensors give: width multiplier, table, head, classes. */
  readonly options: DefinitionOptions
  /** Length of the logits; 0 if the file has no classifier. */
  readonly classes: number
  readonly naming: NamingName
  /** The file with the parameters that it stores in parts; left out if it has none. */
  readonly checkpoint?: Checkpoint | undefined
  /** What the file itself states. */
  readonly facts: Facts
  /** `Network.report`. */
  readonly report?: PlainValue | undefined
  /** How the network was recognised, one sentence each. */
  readonly reasons: readonly string[]
  /**
   * The defaults of the file's framework and publisher, for what neither the file nor anybody else states.
   * @param known all facts that are stated
   */
  conventions(known: Facts): Facts
  /**
   * The tensors of each weighted layer.
   * @throws CheckpointError if the architecture contradicts the file's graph
   */
  tensorsOf(architecture: Architecture): ReadonlyMap<LayerId, LayerTensorNames>
}

/** What a caller can say about a file of weights before its network is known. */
export interface MatchOptions {
  /** Which of several networks in a file: `ema` for averaged weights, else the prefix of its names. */
  readonly weights?: string | undefined
  /** How the last map is pooled. */
  readonly pool?: PoolKind | undefined
  /** The activation between dense layers of the head. */
  readonly headActivation?: HeadActivation | undefined
}

/**
 * Matches a checkpoint with a MobileNetV2 or V1: by the description in a file of this project's own, else as `matchOther` does. What each
 * way needs is imported only then.
 * @throws CheckpointError if the file is no MobileNetV2
 */
export async function matchCheckpoint(checkpoint: Checkpoint, options: MatchOptions, budget: Budget): Promise<CheckpointMatch> {
  const { graph, metadata } = checkpoint
  const description = metadata[descriptionKey]
  return graph === null && typeof description === 'string' && options.weights === undefined
    ? (await import('../of-own.js')).matchOwn(checkpoint, description, budget)
    : (await import('../of-others.js')).matchOther(checkpoint, options, budget)
}
