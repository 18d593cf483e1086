/** The class that a picture shows, and the class that was answered; indices without a background class. */
export interface AnsweredClass {
  readonly is: number
  readonly answered: number
}

/** How often each class was taken for which: `counts[is]?.[answered]`, in pictures. What never happened is left out. */
export type ConfusionCounts = Readonly<Record<number, Readonly<Record<number, number>>>>

/** Counts how often each class was taken for which. */
export function confusionCounts(answers: readonly AnsweredClass[]): ConfusionCounts {
  const counts: Record<number, Record<number, number>> = {}
  for (const { is, answered } of answers) {
    counts[is] ??= {}
    counts[is][answered] = (counts[is][answered] ?? 0) + 1
  }
  return counts
}

/** The counts as a list, by class. */
export function confusionList(counts: ConfusionCounts): (AnsweredClass & { readonly pictures: number })[] {
  return Object.entries(counts).flatMap(([is, row]) =>
    Object.entries(row).map(([answered, pictures]) => ({ is: Number(is), answered: Number(answered), pictures })),
  )
}
