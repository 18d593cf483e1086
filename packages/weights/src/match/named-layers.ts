import { type Architecture, isWeighted, type LayerId, MobileNetV2Error } from '@mobilenetv2/spec'
import type { Checkpoint, StoredTensor } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { extentOf } from '../layout.js'
import { type NamedNetwork, positions } from '../namings/choose-naming.js'
import type { LayerTensorNames, Position } from '../namings/naming.js'
import type { Skeleton } from './skeleton.js'

function extent(tensor: StoredTensor, layout: string, letter: string): number {
  const found = extentOf(tensor, layout, letter)
  if (found === null) {
    throw new CheckpointError('A kernel does not have the axes of its layer.', {
      tensor: tensor.name,
      expected: `axes ${layout}`,
      got: `[${tensor.shape.join(', ')}]`,
    })
  }
  return found
}

/** The channels of a network whose naming is known. */
export function skeletonOfNames(checkpoint: Checkpoint, { tensorsOf, expands, headless, repetitions }: NamedNetwork): Skeleton {
  const channels = positions(expands, headless).map((position) => {
    const { kernel, layout } = tensorsOf(position)
    return {
      part: position.part,
      output: extent(checkpoint.tensors.get(kernel)!, layout, position.part === 'depthwise' ? 'C' : 'O'),
    }
  })
  const outputs = (part: string): number[] => channels.filter((layer) => layer.part === part).map(({ output }) => output)
  const [stem] = outputs('stem') as [number]
  const [head] = outputs('head') as [number]
  const [classes = 0] = outputs('classifier')
  const projected = outputs('project')
  const blocks = outputs('depthwise').map((expanded, index) => ({
    input: projected[index - 1] ?? stem,
    expanded,
    output: projected[index]!,
    stride: null,
  }))
  return { stem, blocks, head, hidden: [], classes, repetitions }
}

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

/** The tensors of each weighted layer, by the naming that fits the file. */
export function nameLayers(named: NamedNetwork, { layers }: Architecture): ReadonlyMap<LayerId, LayerTensorNames> {
  const weighted = layers.filter(isWeighted)
  const ids = new Set(weighted.map(({ id }) => id))
  const blocks = weighted.filter(({ kind }) => kind === 'depthwise').length
  return new Map(weighted.map(({ id }) => [id, named.tensorsOf(positionOf(id, ids, blocks))]))
}
