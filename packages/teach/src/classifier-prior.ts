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
 * A prior for the weights of new classes: they are distributed like the weights of the classifier's own classes. A linear map of the
 * features implements it. The map gives a score for each class of the classifier: its logit minus the mean of all logits. After the scores
 * it gives the features themselves, times a factor, so that weights can also vary in directions that the classifier does not use, by as
 * much as the classifier's weights vary on average. The usual penalty on a layer for the map's outputs is this prior on a layer for
 * features.
 */
export interface ClassifierPrior {
  scoresOf(examples: FeatureSet): Promise<FeatureSet>
  /** The layer for features that gives the same logits as a layer for scores. */
  widen(layer: Layer): Promise<Layer>
}

/** The smallest number of classes, as a share of the number of features. Fewer classes show too little of what classes have in common. */
const leastClasses = 0.5

/** Whether a classifier for `length` features has enough classes for a prior. */
export function hasEnoughClasses({ kernel }: Classifier, length: number): boolean {
  return kernel.length / length >= leastClasses * length
}

/** Classes whose weights are read at once: more do not stay in the processor's cache. */
const block = 32

/** Makes the prior of a classifier for `length` features. */
export async function createClassifierPrior({ kernel }: Classifier, length: number, pause: Pause): Promise<ClassifierPrior> {
  const classes = kernel.length / length
  const means = new Float64Array(length)
  let squares = 0
  for (let at = 0; at < length; at++) {
    let sum = 0
    for (let place = at * classes; place < (at + 1) * classes; place++) {
      sum += kernel[place]!
      squares += kernel[place]! ** 2
    }
    means[at] = sum / classes
    squares -= sum * means[at]!
    await pause()
  }
  const featureScale = Math.sqrt(squares / length)
  const width = classes + length
  /** Centred weights of some classes, each for all features. */
  const columnsFrom = (start: number): Float64Array[] => {
    const columns = Array.from({ length: Math.min(block, classes - start) }, () => new Float64Array(length))
    for (let at = 0; at < length; at++) {
      for (const [place, column] of columns.entries()) column[at] = kernel[at * classes + start + place]! - means[at]!
    }
    return columns
  }
  return {
    async scoresOf(examples) {
      const { labels, features } = examples
      const pictures = everyPicture(labels.length)
      const rows = plainRows(examples)
      const values = new Float32Array(labels.length * width)
      for (let start = 0; start < classes; start += block) {
        const columns = columnsFrom(start)
        const scores = await multiply(rows, pictures, columns, pause)
        for (let at = 0; at < scores.length; at++) {
          values[Math.floor(at / columns.length) * width + start + (at % columns.length)] = scores[at]!
        }
      }
      for (let picture = 0; picture < labels.length; picture++) {
        for (let at = 0; at < length; at++) values[picture * width + classes + at] = featureScale * features[picture * length + at]!
        await pause()
      }
      return { ...examples, length: width, features: values }
    },
    async widen({ kernel: scored, bias }) {
      const wide = scored.map((row) => row.subarray(classes).map((value) => featureScale * value))
      for (let start = 0; start < classes; start += block) {
        const columns = columnsFrom(start)
        for (const [at, row] of wide.entries()) {
          for (const [place, column] of columns.entries()) addTo(row, column, scored[at]![start + place]!)
        }
        await pause()
      }
      return { kernel: wide, bias }
    },
  }
}
