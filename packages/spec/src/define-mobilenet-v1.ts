import type { Architecture } from './architecture.js'
import { addHead, buildLayers } from './build-layers.js'
import { checkOptionNames } from './check-options.js'
import { commonOptionNames, completeCommonOptions, type MobileNetV1Options } from './options.js'

/** Output channels and stride of each depthwise separable block (Table 1 of arXiv 1704.04861). */
const mobileNetV1Table: readonly (readonly [channels: number, stride: number])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
]

const kernelSize = 3
const smallestDepth = 8

/**
 * Expands the table of MobileNetV1 (arXiv 1704.04861) into layers of the same kinds, so that the two networks can be compared. Multiplied
 * channels are truncated to whole numbers, at least 8, as in TF-slim's `mobilenet_v1.py`.
 * @throws MobileNetV2Error `OPTION` if an option is unknown or has a value that is not allowed
 * @example
 * ```ts
 * import { defineMobileNetV1, totalParameters } from '@mobilenetv2/spec'
 *
 * totalParameters(defineMobileNetV1()) // => 4231976
 * ```
 */
export function defineMobileNetV1(options: MobileNetV1Options = {}): Architecture {
  checkOptionNames(options, commonOptionNames)
  const complete = completeCommonOptions(
    options,
    mobileNetV1Table.reduce((product, [, stride]) => product * stride, 1),
  )
  const { widthMultiplier, height, width, classes, stemStride, activation, padding, batchNormEpsilon } = complete
  const scaled = (channels: number): number => Math.max(smallestDepth, Math.trunc(channels * widthMultiplier))
  const input = { height, width, channels: 3 }
  const builder = buildLayers(input, padding)
  builder.convolution({ id: 'stem', channels: scaled(32), kernelSize, stride: stemStride, activation })
  mobileNetV1Table.forEach(([channels, stride], index) => {
    const block = index + 1
    builder.depthwise({ id: `block${block}.depthwise`, block, kernelSize, stride, activation })
    builder.pointwise({ id: `block${block}.pointwise`, block, channels: scaled(channels), activation })
  })
  addHead(builder, complete)
  return { family: 'MobileNetV1', input, classes, padding, batchNormEpsilon, layers: builder.layers }
}
