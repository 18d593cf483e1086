import { brandOf, checkOptionNames, integerOption, MobileNetV2Error } from '@mobilenetv2/spec'
import { checkClasses, checkFeatureSet, type FeatureSet, normOf } from './feature-set.js'

/** What the nearest pictures say about one. */
export interface NeighbourAnswer {
  /** Of `classNames`. */
  readonly index: number
  readonly label: string
  /** The share of the neighbours' similarity that this class has; 0 to 1. */
  readonly share: number
}

/** A classifier that learns nothing and looks at the most similar pictures. */
export interface NeighbourClassifier {
  /**
   * @param features of one picture, as the backbone gives them
   * @returns the classes that are among its neighbours, largest share first
   * @throws MobileNetV2Error `INPUT` if the features are of another length, or no finite numbers
   */
  classify(features: Float32Array): readonly NeighbourAnswer[]
}

/**
 * The nearest-neighbour classifier on features: pictures are similar as their features point the same way (cosine).
 * @param options.neighbours how many pictures are looked at: 1 or more; 5 unless given, or all where there are fewer
 * @throws MobileNetV2Error `INPUT` if the examples are not such as `trainHead` takes; `OPTION` if an option is
 * unknown, or `neighbours` is not an integer of 1 or more
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
        throw new MobileNetV2Error('INPUT', 'These are no features of the same backbone.', {
          expected: `a Float32Array of ${length} finite numbers`,
          got: features.length === length ? 'others' : `${features.length} numbers`,
        })
      }
      const own = Math.hypot(...features)
      const similarity = (picture: number): number => {
        let product = 0
        for (let at = 0; at < length; at++) product += all[picture * length + at]! * features[at]!
        // Features that are all zero point nowhere.
        return product === 0 ? 0 : product / (norms[picture]! * own)
      }
      const similar = labels
        .map((label, picture) => ({ label, similarity: similarity(picture) }))
        .toSorted((one, other) => other.similarity - one.similarity)
        .slice(0, neighbours)
      // Opposite directions count for nothing, and where all do, each neighbour counts alike.
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
