import { type Architecture, type HeadLayer, isWeighted, type PoolKind } from '@mobilenetv2/spec'

/**
 * A block: its channels at the input, after the expansion and at the output, and the stride of its depthwise layer, null if it is not
 * known.
 */
export interface SkeletonBlock {
  readonly input: number
  readonly expanded: number
  readonly output: number
  readonly stride: number | null
}

/** The channels of a network up to its last map, as the tensors of a file show them. */
export interface SkeletonBody {
  /** Channels of the input: 3, or 1 for grey. */
  readonly inputChannels: number
  readonly stem: number
  readonly blocks: readonly SkeletonBlock[]
  /** Channels of the last convolution; 0 if there is none after the blocks. */
  readonly head: number
  /** The number of blocks in each row of the table; null if the file does not show it. */
  readonly repetitions: readonly number[] | null
}

/** The layers after the last map. */
export interface SkeletonHead {
  readonly positionLayers: readonly HeadLayer[]
  readonly pool: PoolKind
  readonly headLayers: readonly HeadLayer[]
  /** 0 if the file has no classifier. */
  readonly classes: number
}

/** The channels of the last map. */
export function mapChannels({ blocks, head }: SkeletonBody): number {
  return head === 0 ? blocks.at(-1)!.output : head
}

/** Whether the blocks are those of MobileNetV1, which have no expansion. */
export function isMobileNetV1({ blocks, head }: SkeletonBody): boolean {
  return head === 0 && blocks.length > 1 && blocks.every(({ input, expanded }) => input === expanded)
}

/** Whether the last convolution has the channels of one more expansion, so that the rest of its block is missing. */
export function endsInExpansion({ blocks, head }: SkeletonBody): boolean {
  const last = blocks.at(-1)
  return last !== undefined && last.expanded > last.input && head * last.input === last.expanded * last.output
}

/** The channels of a definition. */
export function bodyOf({ layers, input }: Architecture): Omit<SkeletonBody, 'repetitions'> {
  const blocks: SkeletonBlock[] = []
  let stem = 0
  let head = 0
  for (const layer of layers) {
    if (!isWeighted(layer)) continue
    const { channels } = layer.output
    if (layer.id === 'stem') stem = channels
    if (layer.id === 'head') head = channels
    if (layer.kind === 'depthwise') {
      blocks.push({ input: blocks.at(-1)?.output ?? stem, expanded: channels, output: 0, stride: layer.stride })
    } else if (layer.block !== null && !layer.id.endsWith('.expand')) blocks.push({ ...blocks.pop()!, output: channels })
  }
  return { inputChannels: input.channels, stem, blocks, head }
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
