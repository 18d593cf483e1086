import { type Checkpoint, valueCount } from '../checkpoint.js'
import { vectorValues } from '../values.js'
import { type Facts, factsFrom } from './facts.js'
import type { Triple } from './recipes.js'

/**
 * The mean and deviation in the variables of a Keras `Normalization`, which weights alone hold without saying where it stands: at the
 * input, as its three channels show. Nothing if there is none, or more than one.
 */
export function normalizationVariables({ graph, tensors }: Checkpoint): Facts {
  if (graph !== null) return {}
  const threes = (variable: string): Triple[] =>
    [...tensors.values()].flatMap((tensor) => {
      const isOne = new RegExp(`(^|/)normalization(_\\d+)?/${variable}$`).test(tensor.name) && valueCount(tensor.shape) === 3
      if (!isOne) return []
      const [red, green, blue] = vectorValues({ ...tensor, shape: [3] }, 3)
      return [[red!, green!, blue!] as const satisfies Triple]
    })
  const [[mean, secondMean], [variance, secondVariance]] = [threes('mean'), threes('variance')]
  if (!mean || !variance || secondMean || secondVariance || !variance.every((value) => value > 0 && value < Infinity)) return {}
  // Pictures of 0 to 255 have means of many, those of 0 to 1 never more than 1.
  const range = mean.some((value) => value > 1) ? 255 : 1
  const scaled = (map: (channel: 0 | 1 | 2) => number): Triple => [map(0) / range, map(1) / range, map(2) / range]
  const deviation = scaled((channel) => Math.sqrt(variance[channel]))
  return factsFrom(
    { mean: scaled((channel) => mean[channel]), deviation },
    `the file has the variables of a Normalization, of values of 0 to ${range}`,
  )
}
