import type { Pause } from '@mobilenetv2/runtime'
import type { FeatureSet } from './feature-set.js'
import type { Layer } from './layer.js'
import { multiply } from './rows.js'
import { everyPicture, plainRows } from './space.js'
import { addTo } from './vectors.js'

/** The last layer that a backbone was trained with, such as that of ImageNet's 1000 classes. */
export interface Classifier {
  /** `[length, classes]`, for features as the backbone gives them. */
  readonly kernel: Float32Array
}

/**
 * A prior for the weights of new classes: they are distributed as the weights of the classifier's own classes are. Its covariance comes from
 * a linear map of the features to scores. A score is what the classifier says of one of its classes, less the mean of all classes. The
 * features follow, with a factor that lets a weight vary as much as the classifier's weights do on average, in directions that the classifier
 * does not use too. A usual penalty on a layer for scores is this prior on a layer for features.
 */
export interface ClassifierPrior {
  scoresOf(examples: FeatureSet): Promise<FeatureSet>
  /** The layer for features that gives the same logits as a layer for scores. */
  widen(layer: Layer): Promise<Layer>
}

/** The smallest number of classes, as a share of the number of features. Fewer classes say too little about what classes have in common. */
export const leastClasses = 0.5

/** Makes the prior of a classifier for `length` features. */
export async function createClassifierPrior({ kernel }: Classifier, length: number, pause: Pause): Promise<ClassifierPrior> {
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
    await pause()
  }
  const own = Math.sqrt(squares / length)
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
