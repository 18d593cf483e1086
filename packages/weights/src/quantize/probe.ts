import type { IntegerWeights } from '@mobilenetv2/spec'
import { type QuantizedWeights, sumScale } from './quantize-weights.js'

/** What a layer's channels give before their activation, in floats. */
export interface Spread {
  readonly means: Float64Array
  /** How far from its mean a channel's values are at most. */
  readonly reach: Float64Array
}

/** A layer of integers that shows the mean of each channel. */
export interface Probe {
  readonly layer: IntegerWeights
  /**
   * The mean errors of the channels, which integers make.
   * @param means what the layer gives on average
   */
  errors(means: Float64Array): Float64Array
}

/** Integers to either side of a channel's mean. */
const half = 127

/** Room for values that the errors themselves put beyond those of the floats. */
const margin = 1.25

/** The least reach of a channel, as a part of the largest: an error may be larger than a channel's own values. */
const leastPart = 1 / 64

/**
 * The layer with other outputs: the integers of each channel count from its mean in the floats, in steps of its own. One scale for all
 * channels would not do. A channel whose values differ by less than a step would be rounded to the same integer each time, and its mean
 * would be wrong by up to half a step.
 * @param input the scale of the layer's input
 */
export function probeOf({ kernel, scales, bias }: QuantizedWeights, input: number, { means, reach }: Spread): Probe {
  const largest = reach.reduce((most, each) => Math.max(most, each), 0)
  const sums = Float64Array.from(scales, (scale) => sumScale(input, scale))
  // Where nothing varies, in steps of the sums themselves.
  const steps = sums.map((sum, channel) => Math.max(reach[channel]! * margin, largest * leastPart) / half || sum)
  const moved = sums.map((sum, channel) => Math.round(means[channel]! / sum))
  return {
    layer: {
      kind: 'weights',
      kernel,
      bias: bias.map((value, channel) => value - moved[channel]!),
      multipliers: Float32Array.from(sums, (sum, channel) => sum / steps[channel]!),
      output: { scale: 1, least: -half, most: half },
      addition: null,
    },
    errors: (found) => found.map((mean, channel) => mean * steps[channel]! + moved[channel]! * sums[channel]! - means[channel]!),
  }
}
