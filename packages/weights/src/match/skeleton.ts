import { type Architecture, type HeadLayer, isWeighted } from '@mobilenetv2/spec'

/** One inverted residual block: channels in, after the expansion, and out; the stride of its depthwise layer, null if it is not known. */
export interface SkeletonBlock {
  readonly input: number
  readonly expanded: number
  readonly output: number
  readonly stride: number | null
}

/** A MobileNetV2's channels, as a file's tensors give them. */
export interface Skeleton {
  readonly stem: number
  readonly blocks: readonly SkeletonBlock[]
  readonly head: number
  /** Dense layers between the pool and the classifier. */
  readonly hidden: readonly HeadLayer[]
  /** 0 if the file has no classifier. */
  readonly classes: number
  /** How many blocks each row of the table has; null if the file does not tell. */
  readonly repetitions: readonly number[] | null
}

/** The skeleton of a definition. */
export function skeletonOf({ layers, classes }: Architecture): Skeleton {
  const blocks: SkeletonBlock[] = []
  let input = 0
  let stem = 0
  let head = 0
  const hidden: HeadLayer[] = []
  for (const layer of layers) {
    if (!isWeighted(layer)) continue
    if (layer.id === 'stem') stem = layer.output.channels
    if (layer.id === 'head') head = layer.output.channels
    if (layer.kind === 'dense' && layer.id !== 'classifier') {
      hidden.push({ units: layer.output.channels, activation: layer.activation })
    }
    if (layer.kind === 'depthwise') {
      input = blocks.at(-1)?.output ?? stem
      blocks.push({ input, expanded: layer.output.channels, output: 0, stride: layer.stride })
    }
    if (layer.id.endsWith('.project')) blocks.push({ ...blocks.pop()!, output: layer.output.channels })
  }
  return { stem, blocks, head, hidden, classes, repetitions: null }
}

/** Whether two lists of blocks agree. A stride that is not known agrees with any. */
export function sameBlocks(left: readonly SkeletonBlock[], right: readonly SkeletonBlock[]): boolean {
  return (
    left.length === right.length &&
    left.every((block, index) => {
      const other = right[index]!
      return (
        block.input === other.input &&
        block.expanded === other.expanded &&
        block.output === other.output &&
        (block.stride === null || other.stride === null || block.stride === other.stride)
      )
    })
  )
}
