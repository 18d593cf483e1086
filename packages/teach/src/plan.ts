import { classSizes, type FeatureSet } from './feature-set.js'
import { foldsOf, holdOut, type Split } from './splits.js'

/** Which pictures judged a head. */
export type ValidationKind =
  /** So many pictures once each, by a head that learned from the other folds. The only picture of a class is in no fold. */
  | { readonly kind: 'folds'; readonly folds: number; readonly pictures: number }
  /** Pictures that were held out, by a head that learned from the others. */
  | { readonly kind: 'held-out'; readonly pictures: number }
  /** Examples of their own, by the head itself. */
  | { readonly kind: 'own-examples'; readonly pictures: number }

/** Pictures that are held out in turns, and what that is called. */
export interface Plan {
  readonly splits: readonly Split[]
  readonly how: ValidationKind
}

/** Up to so many pictures are few: a fifth of them would judge by chance, and five heads are quickly trained. */
export const fewPictures = 1000

const mostFolds = 5

/** With fewer pictures of each class, a head without a fold would know half of too little. */
const leastToJudge = 3

/** The share of many pictures that is held out. */
const heldShare = 0.2

/** Which pictures to hold out; null where there are too few. */
export function planValidation({ labels, classNames }: FeatureSet, validation: 'auto' | number, seed: number): Plan | null {
  const classes = classNames.length
  if (validation === 'auto' && labels.length <= fewPictures) {
    const largest = Math.max(...classSizes({ labels, classNames }))
    const folds = Math.min(mostFolds, largest)
    if (largest < leastToJudge) return null
    const splits = foldsOf(labels, classes, folds, seed)
    const pictures = splits.reduce((sum, { held }) => sum + held.length, 0)
    return { splits, how: { kind: 'folds', folds, pictures } }
  }
  const split = holdOut(labels, classes, validation === 'auto' ? heldShare : validation, seed)
  return split.held.length === 0 ? null : { splits: [split], how: { kind: 'held-out', pictures: split.held.length } }
}
