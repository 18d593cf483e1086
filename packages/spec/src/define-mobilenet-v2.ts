import type { Architecture, LayerId } from './architecture.js'
import { addHead, buildLayers, type LayerBuilder } from './build-layers.js'
import { checkOptionNames, choiceOption, integerOption, positiveOption, refuseOption } from './check-options.js'
import { makeDivisible } from './make-divisible.js'
import {
  type BottleneckRow,
  bottleneckActivations,
  type Complete,
  commonOptionNames,
  completeCommonOptions,
  type MobileNetV2Options,
  residualPlacements,
} from './options.js'

/** The rows of inverted residuals of the paper's Table 2: expansion factor t, output channels c, repetitions n, first stride s. */
export const mobileNetV2Table: readonly BottleneckRow[] = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
]

const optionNames: readonly (keyof MobileNetV2Options)[] = [
  ...commonOptionNames,
  'channelDivisor',
  'table',
  'stemChannels',
  'headChannels',
  'bottleneckActivation',
  'residual',
]

const kernelSize = 3

function completeTable(table: readonly BottleneckRow[]): readonly BottleneckRow[] {
  if (!Array.isArray(table) || table.length < 1 || table.length > 32) refuseOption('table', table.length ?? table, '1 to 32 rows')
  table.forEach(([t, c, n, s], row) => {
    positiveOption(`table[${row}] (t)`, t, 64)
    integerOption(`table[${row}] (c)`, c, 1, 65536)
    integerOption(`table[${row}] (n)`, n, 1, 64)
    integerOption(`table[${row}] (s)`, s, 1, 2)
  })
  return table
}

function completeOptions(options: MobileNetV2Options): Complete<MobileNetV2Options> {
  checkOptionNames(options, optionNames)
  const table = completeTable(options.table ?? mobileNetV2Table)
  const common = completeCommonOptions(
    options,
    table.reduce((stride, [, , , s]) => stride * s, 1),
  )
  const { widthMultiplier } = common
  const channelDivisor = integerOption('channelDivisor', options.channelDivisor ?? 8, 1, 256)
  return {
    ...common,
    channelDivisor,
    table,
    stemChannels: integerOption(
      'stemChannels',
      options.stemChannels ?? makeDivisible(32 * widthMultiplier, channelDivisor),
      1,
      65536,
    ),
    headChannels: integerOption(
      'headChannels',
      options.headChannels ?? makeDivisible(1280 * Math.max(1, widthMultiplier), channelDivisor),
      0,
      65536,
    ),
    bottleneckActivation: choiceOption('bottleneckActivation', options.bottleneckActivation ?? 'linear', bottleneckActivations),
    residual: choiceOption('residual', options.residual ?? 'bottleneck', residualPlacements),
  }
}

/** Appends one inverted residual (Figure 3 and Table 1 of the paper): expansion, depthwise convolution, projection. */
function addInvertedResidual(
  builder: LayerBuilder,
  block: number,
  { t, c, stride, options }: { t: number; c: number; stride: number; options: Complete<MobileNetV2Options> },
): void {
  const { shape } = builder
  const { activation } = options
  const previous: LayerId | null = builder.layers.at(-1)?.id ?? null
  const expanded = Math.round(shape.channels * t)
  if (expanded !== shape.channels) builder.pointwise({ id: `block${block}.expand`, block, channels: expanded, activation })
  const previousDepthwise = builder.layers.findLast((layer) => layer.id === `block${block - 1}.depthwise`)
  const expansionAgrees =
    stride === 1 &&
    previousDepthwise?.output.height === shape.height &&
    previousDepthwise.output.width === shape.width &&
    previousDepthwise.output.channels === expanded
  builder.depthwise({
    id: `block${block}.depthwise`,
    block,
    kernelSize,
    stride,
    activation,
    residual: options.residual === 'expansion' && expansionAgrees ? `block${block - 1}.depthwise` : null,
  })
  builder.pointwise({
    id: `block${block}.project`,
    block,
    channels: c,
    activation: options.bottleneckActivation,
    residual: options.residual === 'bottleneck' && stride === 1 && c === shape.channels ? previous : null,
  })
}

/**
 * Expands the table of MobileNetV2 into layers (section 4 and Table 2 of arXiv 1801.04381). Channel rounding, padding and the first
 * block, which has no expansion, are those of torchvision's `mobilenetv2.py` and TF-slim's `mobilenet_v2.py`.
 * @throws MobileNetV2Error `OPTION` if an option is unknown or has a value that is not allowed
 * @example
 * ```ts
 * import { defineMobileNetV2 } from '@mobilenetv2/spec'
 *
 * const { layers } = defineMobileNetV2({ widthMultiplier: 0.5, height: 160, width: 160, classes: 10 })
 * layers.find(({ id }) => id === 'block2.expand')?.output // => { height: 80, width: 80, channels: 48 }
 * ```
 */
export function defineMobileNetV2(options: MobileNetV2Options = {}): Architecture {
  const complete = completeOptions(options)
  const {
    height,
    width,
    widthMultiplier,
    channelDivisor,
    classes,
    headChannels,
    stemStride,
    activation,
    padding,
    batchNormEpsilon,
  } = complete
  const input = { height, width, channels: 3 }
  const builder = buildLayers(input, padding)
  builder.convolution({ id: 'stem', channels: complete.stemChannels, kernelSize, stride: stemStride, activation })
  let block = 0
  for (const [t, channels, n, s] of complete.table) {
    const c = makeDivisible(channels * widthMultiplier, channelDivisor)
    for (let repetition = 0; repetition < n; repetition++) {
      block += 1
      addInvertedResidual(builder, block, { t, c, stride: repetition === 0 ? s : 1, options: complete })
    }
  }
  if (headChannels > 0) builder.pointwise({ id: 'head', channels: headChannels, activation })
  addHead(builder, complete)
  return { family: 'MobileNetV2', input, classes, padding, batchNormEpsilon, layers: builder.layers }
}
