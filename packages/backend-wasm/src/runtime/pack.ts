import { type LayerParameters, type Parameters, parametersOf } from '@mobilenetv2/spec'
import { channelBlock, type DepthwiseShape, floatBytes, lanes, type PointwiseShape } from '../planner/kernel.js'
import type { PackedWeights } from '../planner/plan.js'
import { blockWeightBytes, isDepthwise, weightBytes } from '../planner/sizes.js'

/** Depthwise kernel [taps][channels] to [channels / 4][1 + taps][4], the bias first. */
function packDepthwise({ kernel, bias }: LayerParameters, { kernelSize }: DepthwiseShape, target: Float32Array): void {
  const channels = bias.length
  const taps = kernelSize * kernelSize
  for (let channel = 0; channel < channels; channel++) {
    const lane = channel % lanes
    const start = (channel - lane) * (taps + 1) + lane
    target[start] = bias[channel]!
    for (let tap = 0; tap < taps; tap++) target[start + (tap + 1) * lanes] = kernel[tap * channels + channel]!
  }
}

/**
 * Kernel [taps][inputs][outputs] to [outputs / 8][1 + taps * stride][8], the bias first; `stride` is what one tap takes in
 * memory, `inputs` or more.
 */
function packBlocks({ kernel, bias }: LayerParameters, taps: number, shape: PointwiseShape, target: Float32Array): void {
  const outputs = bias.length
  const inputs = kernel.length / taps / outputs
  const stride = shape.inputs / taps
  const blockFloats = blockWeightBytes(shape) / floatBytes
  scatterRow(bias, 0, outputs, target, 0, blockFloats)
  for (let tap = 0, row = 0; tap < taps; tap++) {
    for (let input = 0; input < inputs; input++, row++) {
      scatterRow(kernel, row * outputs, outputs, target, (1 + tap * stride + input) * channelBlock, blockFloats)
    }
  }
}

/**
 * Copies `length` floats from `from` on, 8 at a time, to `to` and every `blockFloats` floats behind it. Whole blocks are written
 * out, since no engine has optimised this loop by the time it runs.
 */
function scatterRow(
  source: Float32Array,
  from: number,
  length: number,
  target: Float32Array,
  to: number,
  blockFloats: number,
): void {
  const end = from + length
  let at = from
  let block = to
  for (; at + channelBlock <= end; at += channelBlock, block += blockFloats) {
    target[block] = source[at]!
    target[block + 1] = source[at + 1]!
    target[block + 2] = source[at + 2]!
    target[block + 3] = source[at + 3]!
    target[block + 4] = source[at + 4]!
    target[block + 5] = source[at + 5]!
    target[block + 6] = source[at + 6]!
    target[block + 7] = source[at + 7]!
  }
  for (; at < end; at++, block++) target[block] = source[at]!
}

/** Writes the parameters of every layer into memory as the kernels read them. Memory is zero where nothing is written. */
export function packParameters(packed: readonly PackedWeights[], parameters: Parameters, memory: ArrayBufferLike): void {
  for (const { layer, address, shape } of packed) {
    const found = parametersOf(parameters, layer)
    const target = new Float32Array(memory, address, weightBytes(shape) / floatBytes)
    if (isDepthwise(shape)) packDepthwise(found, shape, target)
    else packBlocks(found, layer.kind === 'convolution' ? layer.kernelSize ** 2 : 1, shape, target)
  }
}
