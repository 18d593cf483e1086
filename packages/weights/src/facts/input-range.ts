import type { LayerParameters } from '@mobilenetv2/spec'
import type { Checkpoint } from '../checkpoint.js'
import type { LayerTensorNames } from '../namings/naming.js'
import { vectorValues } from '../values.js'
import { type Facts, factsFrom, mergeFacts } from './facts.js'
import { normalizationVariables } from './normalization-variables.js'
import type { Triple } from './recipes.js'

/**
 * Each output of the first convolution has a sum of absolute weights. If the median of these sums is smaller than this, the input
 * must be levels of 0 to 255. BatchNorm, which is folded in, brings outputs to about 1. Published networks, whose inputs are about
 * 1, have sums of 2 to 10. Converters that fold a scaling by 1/127.5 or 1/255 into the kernel leave less than a tenth of that.
 */
const largestSumForLevels = 0.35

/** A mean of the input must explain this share of the first BatchNorm's means to be believed. */
const leastExplained = 0.9

/**
 * Bounds of the mean of pictures: as values of 0 to 1, and as levels of 0 to 255. If a mean was subtracted from the pictures, the
 * mean of the inputs is about 0.
 */
const meansOfUnits = { least: 0.3, most: 0.7 }
const meansOfLevels = { least: 60, most: 190 }

const zeros: Triple = [0, 0, 0]

const recipe = (deviation: number, reason: string): Facts =>
  factsFrom({ mean: zeros, deviation: [deviation, deviation, deviation] }, reason)

/** The sums of the weights of each output of a kernel `[…, outputs]`. */
function sumsOf(kernel: Float32Array, outputs: number, value: (weight: number) => number): Float64Array {
  const sums = new Float64Array(outputs)
  kernel.forEach((weight, index) => {
    sums[index % outputs]! += value(weight)
  })
  return sums
}

/**
 * The mean of the inputs on which the network was trained. It is estimated from the means of the first BatchNorm by least squares: for a
 * constant input, each output of a convolution is that constant times the sum of its weights. Null if the file has no such BatchNorm, or no
 * constant explains its means.
 */
function meanOfInput(checkpoint: Checkpoint, { bias, batchNorm }: LayerTensorNames, stem: LayerParameters): number | null {
  const { gamma, mean, variance } = batchNorm ?? { gamma: null, mean: null, variance: null }
  if (bias !== null || gamma === null || mean === null || variance === null) return null
  const outputs = stem.bias.length
  const [gammas, means, variances] = [gamma, mean, variance].map((name) =>
    vectorValues(checkpoint.tensors.get(name)!, outputs),
  ) as [Float64Array, Float64Array, Float64Array]
  const folded = sumsOf(stem.kernel, outputs, (weight) => weight)
  let [product, square, total] = [0, 0, 0]
  for (let output = 0; output < outputs; output++) {
    const deviation = Math.sqrt(variances[output]!)
    // The sum of the weights before BatchNorm was folded into them, in units of the output's deviation.
    const sum = folded[output]! / gammas[output]!
    const value = means[output]! / deviation
    if (!Number.isFinite(sum) || !Number.isFinite(value)) continue
    product += sum * value
    square += sum * sum
    total += value * value
  }
  const explained = (product * product) / (square * total)
  return explained >= leastExplained ? product / square : null
}

/** The range of the input, if the folded kernel of the first convolution is so small that a scaling must be folded into it. */
function rangeOfKernel({ kernel, bias }: LayerParameters): Facts {
  const median = sumsOf(kernel, bias.length, Math.abs).sort()[Math.floor(bias.length / 2)]!
  if (!(median > 0 && median < largestSumForLevels)) return {}
  return recipe(1 / 255, 'the first kernel is so small that its input must be levels of 0 to 255: a scaling is folded into it')
}

/** The range of the input, if the first BatchNorm clearly has the statistics of inputs of 0 to 1 or of 0 to 255. */
function rangeOfStatistics(checkpoint: Checkpoint, tensors: LayerTensorNames, stem: LayerParameters): Facts {
  const mean = meanOfInput(checkpoint, tensors, stem)
  if (mean === null) return {}
  const statistics = `the first BatchNorm has the statistics of inputs with a mean of ${mean.toPrecision(2)}`
  if (mean > meansOfUnits.least && mean < meansOfUnits.most) return recipe(1, `${statistics}: they are 0 to 1`)
  if (mean > meansOfLevels.least && mean < meansOfLevels.most) return recipe(1 / 255, `${statistics}: they are levels of 0 to 255`)
  return {}
}

/** The range of the input, which files of weights do not state. */
export interface InputRanges {
  /** The range that the tensors show for certain. It takes precedence over the files beside the checkpoint. */
  readonly plain: Facts
  /** The range that the statistics of BatchNorm suggest. */
  readonly statistics: Facts
}

/**
 * Finds the range of the input from the variables of a file, and from its first convolution.
 * @param tensors the tensor names of the first convolution
 * @param stem its parameters, with BatchNorm folded
 */
export function inputRanges(checkpoint: Checkpoint, tensors: LayerTensorNames, stem: LayerParameters): InputRanges {
  return {
    plain: mergeFacts([normalizationVariables(checkpoint), rangeOfKernel(stem)]),
    statistics: rangeOfStatistics(checkpoint, tensors, stem),
  }
}
