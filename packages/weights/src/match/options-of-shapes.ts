import {
  type BottleneckRow,
  type DefinitionOptions,
  defineMobileNetV1,
  defineMobileNetV2,
  type MobileNetV2Options,
  makeDivisible,
  mobileNetV2Table,
} from '@mobilenetv2/spec'
import { CheckpointError } from '../checkpoint-error.js'
import { greyReason } from '../stem-channels.js'
import { bodyOf, isMobileNetV1, type SkeletonBody, type SkeletonHead, sameBlocks } from './skeleton.js'

/** Width multipliers of published weights, the most common first. */
const publishedWidths = [1, 1.4, 0.75, 0.5, 0.35, 1.3, 1.1, 1.2, 0.25, 0.1]

/** d-li14's narrowest model rounds to multiples of 4; all others to 8. */
const publishedDivisors = [8, 4]

/** Every hundredth, for widths that are not published. */
const otherWidths = Array.from({ length: 200 }, (_, index) => (index + 1) / 100)

/**
 * The published table with other repetition counts, as in timm's deeper models. The counts follow from the file's names, else from
 * consecutive blocks with equal output channels. A new row also starts where the expansion appears or disappears, and at a block with a
 * known stride above 1. Null if that does not give seven rows.
 */
function deeperTable({ blocks, repetitions: told }: SkeletonBody): readonly BottleneckRow[] | null {
  const repetitions: number[] = []
  let previous: string | null = null
  for (const { input, expanded, output, stride } of blocks) {
    const row = `${output} ${expanded === input}`
    const continues = row === previous && (stride === null || stride === 1)
    repetitions.push(continues ? repetitions.pop()! + 1 : 1)
    previous = row
  }
  const counts = told ?? repetitions
  if (counts.length !== mobileNetV2Table.length || counts.some((count) => count < 1)) return null
  return mobileNetV2Table.map(([t, c, , s], row) => [t, c, counts[row]!, s])
}

/** The number of blocks in each row: as the file's names show it, else as published, else as the channels and the strides show it. */
function runsOf({ blocks, repetitions }: SkeletonBody): readonly number[] {
  const published = mobileNetV2Table.map(([, , n]) => n)
  if (repetitions !== null) return repetitions
  if (blocks.every(({ stride }) => stride === null)) {
    // A network may end after any block.
    const ends = published.map((_, row) => published.slice(0, row + 1).reduce((sum, n) => sum + n, 0))
    const cut = published.map((n, row) => Math.min(n, blocks.length - ends[row]! + n)).filter((n) => n > 0)
    const agrees = (n: number, row: number): boolean => {
      const start = ends[row]! - published[row]!
      const run = blocks.slice(start, start + n)
      return run.every(({ output }) => output === run[0]!.output)
    }
    if (blocks.length <= ends.at(-1)! && cut.every(agrees)) return cut
  }
  const runs: number[] = []
  blocks.forEach(({ input, output, stride, expanded }, index) => {
    const before = blocks[index - 1]
    const continues = before?.output === output && input === output && expanded > input && (stride === null || stride === 1)
    if (continues && before.expanded > before.input) runs.push(runs.pop()! + 1)
    else runs.push(1)
  })
  return runs
}

/**
 * A table of the file's own channels, for a network whose channels no width multiplier gives. Strides that the file does not show are those
 * of the published rows. Null if the blocks do not fit a table.
 */
function exactWidth(skeleton: SkeletonBody): WidthOptions | null {
  const { blocks, stem, head } = skeleton
  const runs = runsOf(skeleton)
  const published = mobileNetV2Table.map(([, , n]) => n)
  // A network that ends after some block has the strides of the published rows up to there.
  const isStart =
    runs.length <= published.length &&
    runs.slice(0, -1).every((n, row) => n === published[row]) &&
    runs.at(-1)! <= published[runs.length - 1]!
  const rows: BottleneckRow[] = []
  let next = 0
  for (const [row, n] of runs.entries()) {
    const first = blocks[next]
    const s = first?.stride ?? (isStart || runs.length === mobileNetV2Table.length ? mobileNetV2Table[row]![3] : null)
    if (first === undefined || n < 1 || s === null || rows.length > 31) return null
    rows.push([first.expanded / first.input, first.output, n, s])
    next += n
  }
  if (next !== blocks.length || rows.length === 0 || rows.some(([t, , , s]) => t > 64 || s > 2)) return null
  const options = { widthMultiplier: 1, channelDivisor: 1, table: rows, stemChannels: stem, headChannels: head }
  return sameBlocks(bodyOf(defineMobileNetV2(options)).blocks, blocks) ? options : null
}

/** The options that give a network its channels and blocks. */
type WidthOptions = Pick<MobileNetV2Options, 'widthMultiplier' | 'channelDivisor' | 'table' | 'stemChannels' | 'headChannels'>

/**
 * The width multiplier with which the definition has the blocks of the file, and the divisor and the table if they are not the published
 * ones. Published multipliers are tried first. Of those that fit, one that also gives the first and the last convolution of the file is
 * preferred. If there is none, `stemChannels` or `headChannels` is set. If no width gives these blocks, the result is that of `exactWidth`.
 */
function inferWidth(skeleton: SkeletonBody): WidthOptions | null {
  const deeper = deeperTable(skeleton)
  const blockCount = (table: readonly BottleneckRow[]): number => table.reduce((sum, [, , n]) => sum + n, 0)
  // Without a table the definition uses the published one.
  const tables = [undefined, ...(deeper === null ? [] : [deeper])].filter(
    (table) => blockCount(table ?? mobileNetV2Table) === skeleton.blocks.length,
  )
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
          // Comparing the last block first is cheap, and saves most of the definitions.
          if (skeleton.blocks.at(-1)?.output !== makeDivisible(320 * widthMultiplier, channelDivisor)) continue
          const defined = bodyOf(defineMobileNetV2({ ...options, stemChannels: skeleton.stem }))
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
  return exactWidth(skeleton)
}

/** @throws CheckpointError always */
export function refuseWidth(skeleton: SkeletonBody): never {
  throw new CheckpointError('No width multiplier gives the channels of this file.', {
    expected: "the published table's channels times a width, rounded to multiples of 8 or 4",
    got: `blocks with ${skeleton.blocks.map(({ output }) => output).join(', ') || 'no'} channels, expanded to ${skeleton.blocks.map(({ expanded }) => expanded).join(', ') || 'none'}`,
  })
}

/** The width multiplier with which MobileNetV1 has the file's channels. */
function inferWidthOfV1(skeleton: SkeletonBody): number | null {
  if (skeleton.blocks.length !== bodyOf(defineMobileNetV1()).blocks.length) return null
  for (const widthMultiplier of [...publishedWidths, ...otherWidths]) {
    const { stem, blocks } = bodyOf(defineMobileNetV1({ widthMultiplier }))
    if (stem === skeleton.stem && sameBlocks(blocks, skeleton.blocks)) return widthMultiplier
  }
  return null
}

/** Whether a body has the channels and blocks of a MobileNetV2 or V1. */
export function isMobileNet(body: SkeletonBody): boolean {
  return (isMobileNetV1(body) ? inferWidthOfV1(body) : inferWidth(body)) !== null
}

/** The options of a head that differ from the published one. */
function headOptions({ positionLayers, pool, headLayers, classes }: SkeletonHead): Partial<SkeletonHead> {
  return {
    classes,
    ...(positionLayers.length === 0 ? {} : { positionLayers }),
    ...(pool === 'average' ? {} : { pool }),
    ...(headLayers.length === 0 ? {} : { headLayers }),
  }
}

/** The head in words. */
function headText({ positionLayers, pool, headLayers, classes }: SkeletonHead): string {
  const layers = (list: SkeletonHead['headLayers']): string[] =>
    list.map(({ units, activation }) => `${units} ${activation === 'linear' ? '' : `${activation} `}`.trimEnd())
  const positions = positionLayers.length === 0 ? [] : [`${layers(positionLayers).join(', ')} at each position`]
  return [
    ...positions,
    ...(pool === 'none' ? ['no pool'] : []),
    ...layers(headLayers),
    classes === 0 ? 'no classifier' : `${classes} outputs`,
  ].join(', ')
}

/**
 * The options that follow from the shapes of a file's tensors, with reasons.
 * @throws CheckpointError if neither a width multiplier nor a table gives the file's channels
 */
export function optionsOfShapes(
  body: SkeletonBody,
  head: SkeletonHead,
): { readonly options: DefinitionOptions; readonly reasons: readonly string[] } {
  const { blocks, stem, inputChannels } = body
  const grey = inputChannels === 1 ? [greyReason] : []
  if (isMobileNetV1(body)) {
    const widthMultiplier = inferWidthOfV1(body) ?? refuseWidth(body)
    return {
      options: { family: 'MobileNetV1', widthMultiplier, ...headOptions(head) },
      reasons: [
        'MobileNetV1: no block has an expansion',
        `width multiplier ${widthMultiplier}: it gives the channels of all ${blocks.length} blocks`,
        `head ${headText(head)}: the shapes of the tensors`,
        ...grey,
      ],
    }
  }
  const width = inferWidth(body) ?? refuseWidth(body)
  const repetitions = (table: readonly BottleneckRow[]): string => table.map(([, , n]) => n).join(', ')
  const deeper =
    width.table === undefined || width.channelDivisor === 1
      ? ''
      : `, repeated ${repetitions(width.table)} times instead of ${repetitions(mobileNetV2Table)}`
  return {
    options: { ...width, ...headOptions(head) },
    reasons: [
      width.channelDivisor === 1
        ? `channels ${width.table?.map(([, c]) => c).join(', ')}: those of the file, which no width multiplier gives`
        : `width multiplier ${width.widthMultiplier}: it gives the channels of all ${blocks.length} blocks${deeper}`,
      `first convolution ${stem}, last convolution ${body.head === 0 ? 'none' : body.head}: the shapes of the tensors`,
      `head ${headText(head)}: the shapes of the tensors`,
      ...grey,
    ],
  }
}
