/** The class that a picture shows, and the class that was answered; indices without a background class. */
export interface AnsweredClass {
  readonly is: number
  readonly answered: number
}

/**
 * The confusion matrix: `counts[is]?.[answered]` is the number of pictures that show the class `is` and were answered with the class
 * `answered`. Zeros are left out.
 */
export type ConfusionCounts = Readonly<Record<number, Readonly<Record<number, number>>>>

/** Counts the confusion matrix. */
export function confusionCounts(answers: readonly AnsweredClass[]): ConfusionCounts {
  const counts: Record<number, Record<number, number>> = {}
  for (const { is, answered } of answers) {
    counts[is] ??= {}
    counts[is][answered] = (counts[is][answered] ?? 0) + 1
  }
  return counts
}

/** The entries of the confusion matrix as a list, in the order of the classes. */
export function confusionList(counts: ConfusionCounts): (AnsweredClass & { readonly pictures: number })[] {
  return Object.entries(counts).flatMap(([is, row]) =>
    Object.entries(row).map(([answered, pictures]) => ({ is: Number(is), answered: Number(answered), pictures })),
  )
}
