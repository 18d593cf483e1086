import { type Architecture, isWeighted, type LayerId, MobileNetV2Error } from '@mobilenetv2/spec'
import type { Checkpoint } from '../checkpoint.js'
import { chooseNaming } from './choose-naming.js'
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

/**
 * The tensors of each weighted layer of an architecture.
 * @throws CheckpointError where the file's names or graph are not those of this architecture
 */
export function nameLayers(checkpoint: Checkpoint, architecture: Architecture): ReadonlyMap<LayerId, LayerTensors> {
  if (checkpoint.graph !== null) return matchGraph(checkpoint, checkpoint.graph, architecture)
  const { tensorsOf } = chooseNaming(checkpoint)
  const layers = architecture.layers.filter(isWeighted)
  const ids = new Set(layers.map(({ id }) => id))
  const blocks = layers.filter(({ kind }) => kind === 'depthwise').length
  return new Map(layers.map(({ id }) => [id, tensorsOf(positionOf(id, ids, blocks))]))
}
