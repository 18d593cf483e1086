import { type Architecture, type HeadLayer, isWeighted, type PoolKind } from '@mobilenetv2/spec'

/** One block: channels in, after the expansion, and out; the stride of its depthwise layer, null if it is not known. */
export interface SkeletonBlock {
  readonly input: number
  readonly expanded: number
  readonly output: number
  readonly stride: number | null
}

/** The channels of a network up to its last map, as a file's tensors give them. */
export interface SkeletonBody {
  /** Channels of the input: 3, or 1 for grey. */
  readonly inputChannels: number
  readonly stem: number
  readonly blocks: readonly SkeletonBlock[]
  /** Channels of the last convolution; 0 if there is none after the blocks. */
  readonly head: number
  /** How many blocks each row of the table has; null if the file does not tell. */
  readonly repetitions: readonly number[] | null
}

/** What follows the last map. */
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

/** Whether the blocks are those of MobileNetV1, none of which has an expansion. */
export function isMobileNetV1({ blocks, head }: SkeletonBody): boolean {
  return head === 0 && blocks.length > 1 && blocks.every(({ input, expanded }) => input === expanded)
}

/** Whether the last convolution has the channels of one more expansion: the blocks after it are missing. */
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
