import type { DepthwiseLayer } from '@mobilenetv2/spec'
import { type Finish, finishOf } from '../../codegen/arithmetic.js'
import { floatBytes, paddedChannels } from '../../memory-contract.js'
import type { Tuning } from '../../tuning/tuning.js'
import type { PackedWeights } from '../kernel-type.js'
import { type WindowShape, windowShape } from '../window.js'

export interface DepthwiseShape extends WindowShape, Finish {
  readonly channelsAtOnce: Tuning['depthwiseChannels']
}

export function depthwiseShape(layer: DepthwiseLayer, { depthwiseChannels }: Tuning): DepthwiseShape {
  const window = windowShape(layer, paddedChannels(layer.input.channels))
  return { ...window, channelsAtOnce: depthwiseChannels, ...finishOf(layer) }
}

/** Bytes of the packed weights of some channels: the bias and the taps of each. */
export function depthwiseWeightBytes({ kernelSize }: DepthwiseShape, channels: number): number {
  return (kernelSize * kernelSize + 1) * channels * floatBytes
}

/** Depthwise kernel [taps][channels] to [channels / n][1 + taps][n] for n channels at once, the bias first. */
export function depthwiseWeights(shape: DepthwiseShape): PackedWeights {
  return {
    bytes: depthwiseWeightBytes(shape, shape.channels),
    pack({ kernel, bias }, target) {
      const channels = bias.length
      const taps = shape.kernelSize * shape.kernelSize
      const { channelsAtOnce } = shape
      for (let channel = 0; channel < channels; channel++) {
        const lane = channel % channelsAtOnce
        const start = (channel - lane) * (taps + 1) + lane
        target[start] = bias[channel]!
        for (let tap = 0; tap < taps; tap++) target[start + (tap + 1) * channelsAtOnce] = kernel[tap * channels + channel]!
      }
    },
  }
}
