import type { Pause } from '@mobilenetv2/runtime'
import type { FeatureSet } from './feature-set.js'
import type { Layer } from './layer.js'
import { multiply } from './rows.js'
import { everyPicture, plainRows } from './space.js'
import { addTo } from './vectors.js'

/** The last layer that a backbone was trained with, such as ImageNet's. */
export interface Classifier {
  /** `[length, classes]`, for features as the backbone gives them. */
  readonly kernel: Float32Array
}

/**
 * Features as scores: a linear map to what the classifier says of a picture, about the mean of its classes, and a little of the features
 * themselves. A penalty on the weights of a layer for scores is a prior for its weights on features: they are like weights of the
 * classifier's own classes, whose covariance it has.
 */
export interface ClassifierPrior {
  scoresOf(examples: FeatureSet): Promise<FeatureSet>
  /** The layer that does on features what one does on scores. */
  widen(layer: Layer): Promise<Layer>
}

/** The variance of a weight that no class of the classifier has, over the mean of theirs. */
const freedom = 0.1

/** A classifier of fewer classes, over the number of features, tells too little of what classes are like. */
export const leastClasses = 0.5

export function createClassifierPrior({ kernel }: Classifier, length: number, pause: Pause): ClassifierPrior {
  const classes = kernel.length / length
  const columns = Array.from({ length: classes }, () => new Float64Array(length))
  let squares = 0
  for (let at = 0; at < length; at++) {
    const row = kernel.subarray(at * classes, (at + 1) * classes)
    const mean = row.reduce((sum, value) => sum + value, 0) / classes
    for (const [own, value] of row.entries()) {
      columns[own]![at] = value - mean
      squares += (value - mean) ** 2
    }
  }
  const own = Math.sqrt((freedom * squares) / length)
  const width = classes + length
  return {
    async scoresOf(examples) {
      const { labels, features } = examples
      const scores = await multiply(plainRows(examples), everyPicture(labels.length), columns, pause)
      const values = new Float32Array(labels.length * width)
      for (let picture = 0; picture < labels.length; picture++) {
        values.set(scores.subarray(picture * classes, (picture + 1) * classes), picture * width)
        for (let at = 0; at < length; at++) values[picture * width + classes + at] = own * features[picture * length + at]!
        await pause()
      }
      return { ...examples, length: width, features: values }
    },
    async widen({ kernel: scored, bias }) {
      const wide = scored.map((row) => row.subarray(classes).map((value) => own * value))
      for (const [at, row] of wide.entries()) {
        for (const [column, weights] of columns.entries()) addTo(row, weights, scored[at]![column]!)
        await pause()
      }
      return { kernel: wide, bias }
    },
  }
}
