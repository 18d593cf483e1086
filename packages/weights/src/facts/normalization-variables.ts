import { type Checkpoint, valueCount } from '../checkpoint.js'
import { vectorValues } from '../values.js'
import { type Facts, factsFrom } from './facts.js'
import type { Triple } from './recipes.js'

/**
 * The mean and deviation in the variables of a Keras `Normalization`. A file of weights does not state where that layer is. With three
 * channels it is at the input. Nothing if there is none, or more than one.
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
  // The means of pictures of 0 to 255 are far above 1, and those of pictures of 0 to 1 never are.
  const range = mean.some((value) => value > 1) ? 255 : 1
  const scaled = (map: (channel: 0 | 1 | 2) => number): Triple => [map(0) / range, map(1) / range, map(2) / range]
  const deviation = scaled((channel) => Math.sqrt(variance[channel]))
  return factsFrom(
    { mean: scaled((channel) => mean[channel]), deviation },
    `the file has the variables of a Normalization, of values of 0 to ${range}`,
  )
}
