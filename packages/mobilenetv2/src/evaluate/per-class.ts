import { type ConfusionCounts, confusionList } from './confusion.js'

/** How well one class is told from the others. */
export interface ClassCounts {
  /** Without a background class. */
  readonly index: number
  /** How many pictures show the class. */
  readonly pictures: number
  /** How many pictures were taken for the class. */
  readonly answered: number
  /** How many pictures of the class were taken for it. */
  readonly right: number
  /** The share of the pictures taken for the class that show it, 0 to 1; null if none was taken for it. */
  readonly precision: number | null
  /** The share of the pictures of the class that were taken for it, 0 to 1; null if there are none. */
  readonly recall: number | null
  /** The harmonic mean of precision and recall, 0 to 1: twice the right ones by the sum of pictures and answers. */
  readonly f1: number
}

/** Each class that has a picture or was answered, by index. */
export function perClass(counts: ConfusionCounts): ClassCounts[] {
  const sums = new Map<number, { pictures: number; answered: number; right: number }>()
  const sumOf = (index: number): { pictures: number; answered: number; right: number } => {
    const sum = sums.get(index) ?? { pictures: 0, answered: 0, right: 0 }
    sums.set(index, sum)
    return sum
  }
  for (const { is, answered, pictures } of confusionList(counts)) {
    sumOf(is).pictures += pictures
    sumOf(answered).answered += pictures
    if (is === answered) sumOf(is).right += pictures
  }
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
  return [...sums]
    .sort(([one], [other]) => one - other)
    .map(([index, { pictures, answered, right }]) => ({
      index,
      pictures,
      answered,
      right,
      precision: share(right, answered),
      recall: share(right, pictures),
      f1: (2 * right) / (pictures + answered),
    }))
}

/** The mean recall of the classes that have pictures, 0 to 1: an accuracy to which each class counts alike. */
export function balancedAccuracy(classes: readonly ClassCounts[]): number {
  const recalls = classes.flatMap(({ recall }) => (recall === null ? [] : [recall]))
  return recalls.length === 0 ? 0 : recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length
}
