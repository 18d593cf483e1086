import { type Architecture, isWeighted, type LayerId, MobileNetV2Error } from '@mobilenetv2/spec'
import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { chooseNaming, type NamedNetwork } from './choose-naming.js'
import type { LayerTensors, Position } from './naming.js'
import { matchGraph } from './structural.js'

/** Where a naming finds a layer of a definition with these layer ids. */
function positionOf(id: LayerId, ids: ReadonlySet<LayerId>, blocks: number): Position {
  const [, number, inside] = /^block(\d+)\.(\w+)$/.exec(id) ?? []
  const block = Number(number ?? 0)
  const part = inside ?? id
  const expands = ids.has(`block${block}.expand`)
  switch (part) {
    case 'stem':
    case 'expand':
    case 'depthwise':
    case 'project':
    case 'head':
    case 'classifier':
      return { part, block, expands, blocks }
    default:
      throw new MobileNetV2Error('PARAMETERS', 'No naming knows this layer.', { where: `layer ${id}` })
  }
}

/** The tensors of a dense layer before the classifier; null where the layer is another. */
function hiddenOf(id: LayerId, { hiddenOf: find, naming }: NamedNetwork): LayerTensors | null {
  const [, index] = /^dense(\d+)$/.exec(id) ?? []
  if (index === undefined) return null
  const found = find(Number(index))
  if (found !== null) return found
  throw new CheckpointError('The naming of this file has no dense layers before its classifier.', {
    expected: id,
    got: naming.name,
  })
}

/**
 * The tensors of each weighted layer of an architecture.
 * @throws CheckpointError where the file's names or graph are not those of this architecture
 */
export function nameLayers(checkpoint: Checkpoint, architecture: Architecture): ReadonlyMap<LayerId, LayerTensors> {
  if (checkpoint.graph !== null) return matchGraph(checkpoint, checkpoint.graph, architecture)
  const named = chooseNaming(checkpoint)
  const layers = architecture.layers.filter(isWeighted)
  const ids = new Set(layers.map(({ id }) => id))
  const blocks = layers.filter(({ kind }) => kind === 'depthwise').length
  return new Map(layers.map(({ id }) => [id, hiddenOf(id, named) ?? named.tensorsOf(positionOf(id, ids, blocks))]))
}
