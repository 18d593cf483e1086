import { type BottleneckRow, defineMobileNetV2, type MobileNetV2Options, makeDivisible, mobileNetV2Table } from '@mobilenetv2/spec'
import { CheckpointError } from '../checkpoint-error.js'
import { type Skeleton, type SkeletonBlock, sameBlocks, skeletonOf } from '../namings/skeleton.js'

/** Width multipliers that somebody has published weights for, the most common first. */
const publishedWidths = [1, 1.4, 0.75, 0.5, 0.35, 1.3, 1.1, 1.2, 0.25, 0.1]

/** d-li14's narrowest model rounds to multiples of 4; all others to 8. */
const publishedDivisors = [8, 4]

/** Every hundredth, for the widths that nobody has published. */
const otherWidths = Array.from({ length: 200 }, (_, index) => (index + 1) / 100)

/** The table with as many repetitions as there are blocks of each width in a row (timm's deeper models); null where it has other rows. */
function deeperTable(blocks: readonly SkeletonBlock[]): readonly BottleneckRow[] | null {
  const repetitions: number[] = []
  blocks.forEach(({ output }, index) => {
    if (output === blocks[index - 1]?.output) repetitions.push(repetitions.pop()! + 1)
    else repetitions.push(1)
  })
  if (repetitions.length !== mobileNetV2Table.length) return null
  return mobileNetV2Table.map(([t, c, , s], row) => [t, c, repetitions[row]!, s])
}

/** The options that give a network its channels and blocks. */
export type WidthOptions = Pick<
  MobileNetV2Options,
  'widthMultiplier' | 'channelDivisor' | 'table' | 'stemChannels' | 'headChannels'
>

/**
 * The width multiplier (and divisor and table, where they are not the usual ones) under which the definition has the file's blocks.
 * Where several have, a published one, and one whose first and last convolution agree too, comes first; `stemChannels` and
 * `headChannels` are set only where none agrees.
 * @throws CheckpointError where no width gives these blocks
 */
export function inferWidth(skeleton: Skeleton): WidthOptions {
  const deeper = deeperTable(skeleton.blocks)
  const tables = deeper === null ? [undefined] : [undefined, deeper]
  let fitting: WidthOptions | null = null
  for (const widths of [publishedWidths, otherWidths]) {
    for (const table of tables) {
      for (const channelDivisor of publishedDivisors) {
        for (const widthMultiplier of widths) {
          const options = {
            widthMultiplier,
            ...(channelDivisor === 8 ? {} : { channelDivisor }),
            ...(table === undefined ? {} : { table }),
          }
          const stem = makeDivisible(32 * widthMultiplier, channelDivisor)
          // A cheap look at the last block saves most of the definitions.
          if (skeleton.blocks.at(-1)?.output !== makeDivisible(320 * widthMultiplier, channelDivisor)) continue
          const defined = skeletonOf(defineMobileNetV2({ ...options, stemChannels: skeleton.stem }))
          if (!sameBlocks(defined.blocks, skeleton.blocks)) continue
          const head = defined.head === skeleton.head
          if (stem === skeleton.stem && head) return options
          fitting ??= {
            ...options,
            ...(stem === skeleton.stem ? {} : { stemChannels: skeleton.stem }),
            ...(head ? {} : { headChannels: skeleton.head }),
          }
        }
      }
    }
    if (fitting !== null) return fitting
  }
  throw new CheckpointError('No width multiplier gives the channels of this file.', {
    expected: "the published table's channels times a width, rounded to multiples of 8 or 4",
    got: `blocks with ${skeleton.blocks.map(({ output }) => output).join(', ') || 'no'} channels, expanded to ${skeleton.blocks.map(({ expanded }) => expanded).join(', ') || 'none'}`,
  })
}
