import type { Architecture, DefinitionOptions, HeadActivation, LayerId, PoolKind } from '@mobilenetv2/spec'
import { type Checkpoint, descriptionKey, type PlainValue } from '../checkpoint.js'
import type { Facts } from '../facts/facts.js'
import type { Budget } from '../formats/budget.js'
import type { LayerTensorNames, NamingName } from '../namings/naming.js'

/** The match of a checkpoint's tensors with the layers of a MobileNetV2. */
export interface CheckpointMatch {
  /** The options that follow from the shapes of the tensors: width multiplier, table, head, classes. */
  readonly options: DefinitionOptions
  /** Length of the logits; 0 if the file has no classifier. */
  readonly classes: number
  readonly naming: NamingName
  /**
   * The checkpoint from which the tensors are read: whole parameters replace those that the file stores in parts. Unless given, it is the
   * file's own.
   */
  readonly checkpoint?: Checkpoint | undefined
  /** The facts that the file itself states. */
  readonly facts: Facts
  /** `Network.report`. */
  readonly report?: PlainValue | undefined
  /** How the network was recognised, in one sentence each. */
  readonly reasons: readonly string[]
  /**
   * The defaults of the file's framework and publisher, for facts that no source states.
   * @param known all facts that are stated
   */
  conventions(known: Facts): Facts
  /**
   * The tensors of each layer that has a kernel.
   * @throws CheckpointError if the architecture contradicts the file's graph
   */
  tensorsOf(architecture: Architecture): ReadonlyMap<LayerId, LayerTensorNames>
}

/** What a caller can state about a file of weights before its network is known. */
export interface MatchOptions {
  /** Which of several networks in a file is read: `ema` for averaged weights, else the prefix of its names. */
  readonly weights?: string | undefined
  /** The pool after the last map. */
  readonly pool?: PoolKind | undefined
  /** The activation between dense layers of the head. */
  readonly headActivation?: HeadActivation | undefined
}

/**
 * Matches a checkpoint with a MobileNetV2 or MobileNetV1: by the description in a safetensors file that this project wrote, else as
 * `matchOther` does.
 * The code of each way is imported only if it is needed.
 * @throws CheckpointError if the file does not contain one
 */
export async function matchCheckpoint(checkpoint: Checkpoint, options: MatchOptions, budget: Budget): Promise<CheckpointMatch> {
  const { graph, metadata } = checkpoint
  const description = metadata[descriptionKey]
  const { weights, headActivation } = options
  return graph === null && typeof description === 'string' && weights === undefined && headActivation === undefined
    ? (await import('../of-own.js')).matchOwn(checkpoint, description, budget)
    : (await import('../of-others.js')).matchOther(checkpoint, options, budget)
}
