import type { DepthwiseLayer } from '@mobilenetv2/spec'
import { type Finish, finishOf } from '../../codegen/arithmetic.js'
import { floatBytes, paddedChannels } from '../../memory-contract.js'
import type { Numbers } from '../../numbers/numbers.js'
import type { Tuning } from '../../tuning/tuning.js'
import type { LayersAhead, PackedWeights } from '../kernel-type.js'
import { type WindowShape, windowShape } from '../window.js'

export interface DepthwiseShape extends WindowShape, Finish {
  readonly channelsAtOnce: Tuning['depthwiseChannels']
  /** The bytes of the packed weights of the channels that are computed at once. */
  readonly stepWeightBytes: number
}

/** The bytes of the taps of one channel: float32 taps; or in 8 bits four taps for each row and each place in a window (`windows.ts`). */
function depthwiseTapBytes({ kernelSize, stride }: DepthwiseLayer, inputBytes: WindowShape['inputBytes']): number {
  return floatBytes * kernelSize * (inputBytes === 1 ? placesInWindow(stride) : kernelSize)
}

/** How many outputs one window of four columns has: one at its first column and, with stride 1, another at its second column. */
export function placesInWindow(stride: number): 1 | 2 {
  return stride === 1 ? 2 : 1
}

/** @param inputBytes the bytes of a value of the input */
export function depthwiseShape(
  layer: DepthwiseLayer,
  { tuning, inputBytes: mapBytes, numbers }: Pick<LayersAhead, 'tuning' | 'inputBytes' | 'numbers'>,
  inputBytes: WindowShape['inputBytes'] = mapBytes,
): DepthwiseShape {
  const { depthwise } = numbers
  const channelsAtOnce = depthwise.channelsAtOnce(tuning)
  return {
    ...windowShape(layer, paddedChannels(layer.input.channels), inputBytes),
    channelsAtOnce,
    stepWeightBytes: depthwise.headBytes(channelsAtOnce) + depthwiseTapBytes(layer, inputBytes) * channelsAtOnce,
    ...finishOf(layer, numbers.valueBytes, numbers),
  }
}

/** The bytes of the packed weights of `channels` channels. */
export function depthwiseWeightBytes({ channelsAtOnce, stepWeightBytes }: DepthwiseShape, channels: number): number {
  return (channels / channelsAtOnce) * stepWeightBytes
}

/** The bytes of one pixel of the output. */
export function depthwisePixelBytes({ channels, outputBytes }: DepthwiseShape): number {
  return channels * outputBytes
}

export function depthwiseWeights<Layer>(shape: DepthwiseShape, { depthwise }: Numbers<Layer>): PackedWeights<Layer> {
  return {
    bytes: depthwiseWeightBytes(shape, shape.channels),
    pack: (layer, memory, address) => depthwise.pack(layer, shape, memory, address),
  }
}
