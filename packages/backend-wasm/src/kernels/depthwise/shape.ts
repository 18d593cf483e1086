import type { DepthwiseLayer } from '@mobilenetv2/spec'
import { type Finish, finishOf } from '../../codegen/arithmetic.js'
import { floatBytes, paddedChannels } from '../../memory-contract.js'
import type { Numbers } from '../../numbers/numbers.js'
import type { Tuning } from '../../tuning/tuning.js'
import type { LayersAhead, PackedWeights } from '../kernel-type.js'
import { type WindowShape, windowShape } from '../window.js'

export interface DepthwiseShape extends WindowShape, Finish {
  readonly channelsAtOnce: Tuning['depthwiseChannels']
  /** Bytes of packed weights of the channels that are done at once. */
  readonly stepWeightBytes: number
}

/** @param inputBytes of a value of the input */
export function depthwiseShape(
  layer: DepthwiseLayer,
  { tuning, inputBytes: mapBytes, numbers: { depthwise, valueBytes } }: Pick<LayersAhead, 'tuning' | 'inputBytes' | 'numbers'>,
  inputBytes: WindowShape['inputBytes'] = mapBytes,
): DepthwiseShape {
  const channelsAtOnce = depthwise.channelsAtOnce(tuning)
  const taps = layer.kernelSize * layer.kernelSize
  return {
    ...windowShape(layer, paddedChannels(layer.input.channels), inputBytes),
    channelsAtOnce,
    stepWeightBytes: depthwise.headBytes(channelsAtOnce) + taps * channelsAtOnce * floatBytes,
    ...finishOf(layer, valueBytes),
  }
}

/** Bytes of the packed weights of some channels. */
export function depthwiseWeightBytes({ channelsAtOnce, stepWeightBytes }: DepthwiseShape, channels: number): number {
  return (channels / channelsAtOnce) * stepWeightBytes
}

/** Bytes of one pixel of the output. */
export function depthwisePixelBytes({ channels, outputBytes }: DepthwiseShape): number {
  return channels * outputBytes
}

export function depthwiseWeights<Layer>(shape: DepthwiseShape, { depthwise }: Numbers<Layer>): PackedWeights<Layer> {
  return {
    bytes: depthwiseWeightBytes(shape, shape.channels),
    pack: (layer, memory, address) => depthwise.pack(layer, shape, memory, address),
  }
}
