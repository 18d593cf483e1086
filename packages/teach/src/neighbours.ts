import { brandOf, checkOptionNames, integerOption, MobileNetV2Error } from '@mobilenetv2/spec'
import { checkClasses, checkFeatureSet, type FeatureSet, normOf } from './feature-set.js'

/** One class among the nearest neighbours of a picture. */
export interface NeighbourAnswer {
  /** The index of the class in `classNames`. */
  readonly index: number
  /** The name of the class. */
  readonly label: string
  /** The share of the class in the similarities of all neighbours: 0 to 1. */
  readonly share: number
}

/** A classifier that compares a picture with the examples themselves, and needs no training. */
export interface NeighbourClassifier {
  /**
   * Classifies one picture.
   * @param features what the backbone of the examples gives for the picture: `model.embed`
   * @returns the classes of its nearest neighbours, the one with the largest share first
   * @throws MobileNetV2Error `INPUT` if the features have another length, or are not finite numbers
   */
  classify(features: Float32Array): readonly NeighbourAnswer[]
}

/**
 * Makes a classifier by nearest neighbours. Two pictures are as similar as the cosine of the angle between their features.
 * @param options.neighbours how many of the most similar examples are compared: 1 or more. 5 unless given, or all if there are fewer.
 * @throws MobileNetV2Error `INPUT` if `trainHead` would refuse the examples; `OPTION` if an option is unknown, or `neighbours` is not an
 * integer of 1 or more
 * @example
 * ```ts
 * import { nearestNeighbours } from '@mobilenetv2/teach'
 *
 * const examples = { classNames: ['cat', 'dog'], labels: [0, 1], length: 2, features: Float32Array.of(1, 0, 0, 1) }
 * nearestNeighbours(examples).classify(Float32Array.of(2, 0))[0] // => { index: 0, label: 'cat', share: 1 }
 * ```
 */
export function nearestNeighbours(
  examples: FeatureSet,
  options: { readonly neighbours?: number | undefined } = {},
): NeighbourClassifier {
  checkOptionNames(options, ['neighbours'])
  const neighbours = integerOption('neighbours', options.neighbours ?? 5, 1, Number.MAX_SAFE_INTEGER)
  checkFeatureSet(examples)
  checkClasses(examples)
  const { classNames, labels, length, features: all } = examples
  const norms = labels.map((_, picture) => normOf(examples, picture))
  return {
    classify(features) {
      if (brandOf(features) !== 'Float32Array' || features.length !== length || !features.every(Number.isFinite)) {
        throw new MobileNetV2Error('INPUT', 'The features do not come from the backbone of the examples.', {
          expected: `a Float32Array of ${length} finite numbers`,
          got: features.length === length ? 'another array, or numbers that are not finite' : `${features.length} numbers`,
        })
      }
      const own = Math.hypot(...features)
      const similarity = (picture: number): number => {
        let product = 0
        for (let at = 0; at < length; at++) product += all[picture * length + at]! * features[at]!
        // Features that are all zero have no direction.
        return product === 0 ? 0 : product / (norms[picture]! * own)
      }
      const similar = labels
        .map((label, picture) => ({ label, similarity: similarity(picture) }))
        .toSorted((one, other) => other.similarity - one.similarity)
        .slice(0, neighbours)
      // A negative similarity counts as 0. If all are 0, all neighbours count alike.
      const weights = similar.map(({ similarity }) => Math.max(0, similarity))
      const sum = weights.reduce((total, weight) => total + weight, 0)
      const shares = new Map<number, number>()
      similar.forEach(({ label }, rank) => {
        shares.set(label, (shares.get(label) ?? 0) + (sum > 0 ? weights[rank]! / sum : 1 / similar.length))
      })
      return [...shares]
        .map(([index, share]) => ({ index, label: classNames[index]!, share }))
        .toSorted((one, other) => other.share - one.share)
    },
  }
}
