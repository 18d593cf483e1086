import type { IntegerWeights } from '@mobilenetv2/spec'
import { type QuantizedWeights, sumScale } from './quantize-weights.js'

/** The outputs of a layer's channels before their activation, in floats. */
export interface Spread {
  readonly means: Float64Array
  /** The largest distance of a channel's values from their mean. */
  readonly reach: Float64Array
}

/** A layer of integers with which the mean of each channel can be measured. */
export interface Probe {
  readonly layer: IntegerWeights
  /**
   * The mean error of each channel that is due to computing in integers.
   * @param means the mean output of the probe
   */
  errors(means: Float64Array): Float64Array
}

/** Integers on either side of the mean of a channel. */
const half = 127

/** Room for values that rounding errors move beyond those of the floats. */
const margin = 1.25

/** The least reach of a channel, as a share of the largest: an error may be larger than the values of its own channel. */
const leastPart = 1 / 64

/**
 * The layer with other outputs: the integers of each channel count from its mean in the floats, with a scale of their own. One scale for
 * all channels would be too coarse. A channel whose values differ by less than a step would be rounded to the same integer each time, and
 * its mean would be wrong by up to half a step.
 * @param input the scale of the layer's input
 */
export function probeOf({ kernel, scales, bias }: QuantizedWeights, input: number, { means, reach }: Spread): Probe {
  const largest = reach.reduce((most, each) => Math.max(most, each), 0)
  const sums = Float64Array.from(scales, (scale) => sumScale(input, scale))
  // If no channel varies, the steps are those of the sums themselves.
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
