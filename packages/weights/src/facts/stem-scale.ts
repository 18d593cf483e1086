import type { LayerParameters } from '@mobilenetv2/spec'
import { type Facts, factsFrom } from './facts.js'

/**
 * The largest sum of the weights of an output of the first convolution, sign left out, with which its input must be levels of 0 to 255.
 * BatchNorm, which is folded in, brings outputs to about one. Published networks, whose inputs are about one, have sums of 2 to 10 in
 * the median of their outputs; converters that fold a scaling by 1/127.5 or 1/255 into the kernel leave less than a tenth.
 */
const largestSumForLevels = 0.35

/** What the folded kernel of the first convolution says about the range of its input: that it takes levels of 0 to 255, or nothing. */
export function rangeOfStem({ kernel, bias }: LayerParameters): Facts {
  const sums = new Float64Array(bias.length)
  kernel.forEach((weight, index) => {
    sums[index % sums.length]! += Math.abs(weight)
  })
  const median = sums.sort()[Math.floor(sums.length / 2)]!
  if (!(median > 0 && median < largestSumForLevels)) return {}
  const deviation = 1 / 255
  return factsFrom(
    { mean: [0, 0, 0], deviation: [deviation, deviation, deviation] },
    'the first kernel is so small that its input must be levels of 0 to 255: a scaling is folded into it',
  )
}
