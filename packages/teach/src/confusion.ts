/** How many pictures of each class were given each answer. */
export interface ConfusionMatrix {
  /** The names of the classes, in the order of the counts. */
  readonly classNames: readonly string[]
  /** `counts[label][answer]`: the number of pictures of class `label` for which the answer was class `answer`. */
  readonly counts: readonly (readonly number[])[]
  /** The share of right answers: 0 to 1. */
  readonly accuracy: number
}

/**
 * Counts answers by class. The accuracy of no answers is 0.
 * @param labels the class index of each picture
 * @param answers the class index that was answered for each picture
 * @example
 * ```ts
 * import { confusionMatrix } from '@mobilenetv2/teach'
 *
 * const { counts, accuracy } = confusionMatrix(['cat', 'dog'], [0, 0, 1, 1], [0, 1, 1, 1])
 * counts // => [ [ 1, 1 ], [ 0, 2 ] ]
 * accuracy // => 0.75
 * ```
 */
export function confusionMatrix(
  classNames: readonly string[],
  labels: ArrayLike<number>,
  answers: ArrayLike<number>,
): ConfusionMatrix {
  const counts = classNames.map(() => classNames.map(() => 0))
  for (let picture = 0; picture < labels.length; picture++) counts[labels[picture]!]![answers[picture]!]! += 1
  const right = counts.reduce((sum, row, label) => sum + row[label]!, 0)
  return { classNames, counts, accuracy: labels.length === 0 ? 0 : right / labels.length }
}
