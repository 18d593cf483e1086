import { type IntegerInput, type Preprocessing, roundToEven } from '@mobilenetv2/spec'
import { inputIntegers } from '../integer-arithmetic.js'
import type { StoredActivation } from '../stored-integers.js'
import { activationFor, int8Activation } from './activation-range.js'

/** The integers of a network's input. */
export interface QuantizedInput {
  readonly activation: StoredActivation
  readonly integers: IntegerInput
}

/**
 * The integers of an input, from the normalisation of pictures. If all three channels are normalised alike, the integers are the levels of
 * a picture minus 128, which is usual in quantised files. Else one scale is not enough, and the file takes floats.
 */
export function inputActivation(preprocessing: Pick<Preprocessing, 'mean' | 'deviation'>): QuantizedInput {
  const { mean, deviation } = preprocessing
  const isAlike = [1, 2].every((channel) => mean[channel] === mean[0] && deviation[channel] === deviation[0])
  const zeroPoint = roundToEven(255 * mean[0]) - 128
  if (isAlike && zeroPoint >= -128 && zeroPoint <= 127) {
    const activation = int8Activation(Math.fround(1 / (255 * deviation[0])), zeroPoint)
    return { activation, integers: inputIntegers(activation, true, preprocessing) }
  }
  const ends = [0, 1].map((level) => mean.map((value, channel) => (level - value) / deviation[channel]!))
  const [least, most] = [Math.min(0, ...ends[0]!), Math.max(0, ...ends[1]!)]
  const activation = activationFor([least, most], 0)
  return { activation, integers: inputIntegers(activation, false, preprocessing) }
}
