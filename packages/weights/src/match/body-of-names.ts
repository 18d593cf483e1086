import { type LayerId, MobileNetV2Error } from '@mobilenetv2/spec'
import type { Checkpoint, StoredTensor } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { extentOf } from '../layout.js'
import type { Position } from '../namings/naming.js'
import { checkStemChannels } from '../stem-channels.js'
import { type NamedBody, positions } from './find-networks.js'
import type { SkeletonBody } from './skeleton.js'

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

/**
 * The channels of a network whose tensors were found by name.
 * @param strides the strides of the depthwise layers, if the file states them
 */
export function bodyOfNames(checkpoint: Checkpoint, body: NamedBody, strides: readonly number[] | null = null): SkeletonBody {
  const { tensorsOf, expands, repetitions } = body
  const [stemPosition] = positions(body) as [Position]
  const stemTensors = tensorsOf(stemPosition)
  const channels = positions(body).map((position) => {
    const { kernel, layout } = tensorsOf(position)
    const tensor = checkpoint.tensors.get(kernel)!
    return { part: position.part, output: extent(tensor, layout, position.part === 'depthwise' ? 'C' : 'O') }
  })
  const outputs = (part: string): number[] => channels.filter((layer) => layer.part === part).map(({ output }) => output)
  const [stem] = outputs('stem') as [number]
  const [head = 0] = outputs('head')
  const projected = outputs('project')
  const blocks = outputs('depthwise').map((expanded, index) => ({
    input: projected[index - 1] ?? stem,
    expanded,
    output: projected[index]!,
    stride: strides?.[index] ?? null,
  }))
  const { kernel, layout } = stemTensors
  const inputChannels = extent(checkpoint.tensors.get(kernel)!, layout, 'I')
  checkStemChannels(inputChannels, kernel)
  return { inputChannels, stem, blocks, head, repetitions: expands.length === blocks.length ? repetitions : null }
}

/** The position of a layer for a naming, in a definition with these layer ids; null for a layer after the last map. */
export function positionOf(id: LayerId, ids: ReadonlySet<LayerId>, blocks: number): Position | null {
  const [, number, inside] = /^block(\d+)\.(\w+)$/.exec(id) ?? []
  const block = Number(number ?? 0)
  const part = inside === 'pointwise' ? 'project' : (inside ?? id)
  const expands = ids.has(`block${block}.expand`)
  switch (part) {
    case 'stem':
    case 'expand':
    case 'depthwise':
    case 'project':
    case 'head':
      return { part, block, expands, blocks }
    default:
      if (/^(position\d+|dense\d+|classifier)$/.test(part)) return null
      throw new MobileNetV2Error('PARAMETERS', 'No naming knows this layer.', { where: `layer ${id}` })
  }
}
