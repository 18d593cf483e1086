import type { DepthwiseLayer } from '@mobilenetv2/spec'
import { type Finish, finishOf } from '../../codegen/arithmetic.js'
import { floatBytes, lanes, paddedChannels } from '../../memory-contract.js'
import type { PackedWeights } from '../kernel-type.js'
import { type WindowShape, windowShape } from '../window.js'

export interface DepthwiseShape extends WindowShape, Finish {}

export function depthwiseShape(layer: DepthwiseLayer): DepthwiseShape {
  return { ...windowShape(layer, paddedChannels(layer.input.channels)), ...finishOf(layer) }
}

/** Bytes of the packed weights of some channels: the bias and the taps of each. */
export function depthwiseWeightBytes({ kernelSize }: DepthwiseShape, channels: number): number {
  return (kernelSize * kernelSize + 1) * channels * floatBytes
}

/** Depthwise kernel [taps][channels] to [channels / 4][1 + taps][4], the bias first. */
export function depthwiseWeights(shape: DepthwiseShape): PackedWeights {
  return {
    bytes: depthwiseWeightBytes(shape, shape.channels),
    pack({ kernel, bias }, target) {
      const channels = bias.length
      const taps = shape.kernelSize * shape.kernelSize
      for (let channel = 0; channel < channels; channel++) {
        const lane = channel % lanes
        const start = (channel - lane) * (taps + 1) + lane
        target[start] = bias[channel]!
        for (let tap = 0; tap < taps; tap++) target[start + (tap + 1) * lanes] = kernel[tap * channels + channel]!
      }
    },
  }
}
