/** How often each class was taken for which. */
export interface ConfusionMatrix {
  readonly classNames: readonly string[]
  /** `counts[is][answered]`, pictures. */
  readonly counts: readonly (readonly number[])[]
  /** Right answers, as a share of all; 0 to 1. */
  readonly accuracy: number
}

/** The confusion matrix of answers, class indices both. */
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
