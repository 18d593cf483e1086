import { type LayerParameters, type Parameters, parametersOf } from '@mobilenetv2/spec'
import { type DepthwiseShape, floatBytes, lanes, type PointwiseShape } from '../planner/kernel.js'
import type { PackedWeights } from '../planner/plan.js'
import { channelTile, isDepthwise, weightBytes } from '../planner/sizes.js'

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
 * Kernel [taps][inputs][outputs] to [outputs / tile][1 + taps * stride][tile], the bias first; `stride` is what one tap takes in
 * memory, `inputs` or more.
 */
function packTiles({ kernel, bias }: LayerParameters, taps: number, shape: PointwiseShape, target: Float32Array): void {
  const outputs = bias.length
  const inputs = kernel.length / taps / outputs
  const stride = shape.inputs / taps
  const tile = channelTile(shape)
  let start = 0
  for (let first = 0; first < outputs; first += tile) {
    const count = Math.min(tile, outputs - first)
    for (let lane = 0; lane < count; lane++) target[start + lane] = bias[first + lane]!
    start += tile
    for (let tap = 0; tap < taps; tap++) {
      for (let input = 0; input < inputs; input++) {
        const from = (tap * inputs + input) * outputs + first
        const to = start + (tap * stride + input) * tile
        for (let lane = 0; lane < count; lane++) target[to + lane] = kernel[from + lane]!
      }
    }
    start += shape.inputs * tile
  }
}

/** Writes the parameters of every layer into memory as the kernels read them. Memory is zero where nothing is written. */
export function packParameters(packed: readonly PackedWeights[], parameters: Parameters, memory: ArrayBuffer): void {
  for (const { layer, address, shape } of packed) {
    const found = parametersOf(parameters, layer)
    const target = new Float32Array(memory, address, weightBytes(shape) / floatBytes)
    if (isDepthwise(shape)) packDepthwise(found, shape, target)
    else packTiles(found, layer.kind === 'convolution' ? layer.kernelSize ** 2 : 1, shape, target)
  }
}
