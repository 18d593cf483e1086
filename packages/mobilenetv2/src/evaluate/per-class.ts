import { type ConfusionCounts, confusionList } from './confusion.js'

/** Precision, recall and counts of one class. */
export interface ClassCounts {
  /** The index of the class. A background class is not counted. */
  readonly index: number
  /** How many pictures show the class. */
  readonly pictures: number
  /** How many pictures were answered with the class. */
  readonly answered: number
  /** How many pictures show the class and were answered with it. */
  readonly right: number
  /** `right / answered`, 0 to 1; null if `answered` is 0. */
  readonly precision: number | null
  /** `right / pictures`, 0 to 1; null if `pictures` is 0. */
  readonly recall: number | null
  /** The harmonic mean of precision and recall, 0 to 1: `2 * right / (pictures + answered)`. */
  readonly f1: number
}

/** The classes that have a picture or were answered, in the order of their indices. */
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

/** The mean recall of the classes that have pictures, 0 to 1: the accuracy if each class had the same number of pictures. */
export function balancedAccuracy(classes: readonly ClassCounts[]): number {
  const recalls = classes.flatMap(({ recall }) => (recall === null ? [] : [recall]))
  return recalls.length === 0 ? 0 : recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length
}
