import { checkOptionNames, MobileNetV2Error } from '@mobilenetv2/spec'
import { countOption } from '../option-checks.js'
import { checkFeatures, type FeatureSet } from './features.js'

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

/** The features over their length; zeros stay. */
function direction(features: Float32Array): Float32Array {
  const length = Math.sqrt(features.reduce((sum, value) => sum + value * value, 0))
  return length > 0 ? features.map((value) => value / length) : features.slice()
}

/**
 * The nearest-neighbour classifier on features: pictures are similar as their features point the same way (cosine).
 * @param options.neighbours how many pictures are looked at: 1 or more; 5 unless given, or all where there are fewer
 * @throws MobileNetV2Error `INPUT` if a class has no picture, or labels and features do not fit; `OPTION` if an option is
 * unknown, or `neighbours` is not an integer of 1 or more
 */
export function nearestNeighbours(
  examples: FeatureSet,
  options: { readonly neighbours?: number | undefined } = {},
): NeighbourClassifier {
  checkOptionNames(options, ['neighbours'])
  const neighbours = countOption('neighbours', options.neighbours ?? 5)
  checkFeatures(examples)
  const { classNames, labels, length } = examples
  const directions = labels.map((_, picture) => direction(examples.features.subarray(picture * length, (picture + 1) * length)))
  return {
    classify(features) {
      if (features.length !== length || !features.every(Number.isFinite)) {
        throw new MobileNetV2Error('INPUT', 'These are no features of the same backbone.', {
          expected: `${length} finite numbers`,
          got: features.length === length ? 'a number that is not finite' : `${features.length} numbers`,
        })
      }
      const own = direction(features)
      const similar = directions
        .map((other, picture) => ({
          label: labels[picture]!,
          similarity: other.reduce((sum, value, place) => sum + value * own[place]!, 0),
        }))
        .toSorted((one, other) => other.similarity - one.similarity)
        .slice(0, neighbours)
      // Opposite directions count for nothing, and where all do, each neighbour counts alike.
      const weights = similar.map(({ similarity }) => Math.max(0, similarity))
      const all = weights.reduce((sum, weight) => sum + weight, 0)
      const shares = new Map<number, number>()
      similar.forEach(({ label }, rank) => {
        shares.set(label, (shares.get(label) ?? 0) + (all > 0 ? weights[rank]! / all : 1 / similar.length))
      })
      return [...shares]
        .map(([index, share]) => ({ index, label: classNames[index]!, share }))
        .toSorted((one, other) => other.share - one.share)
    },
  }
}
