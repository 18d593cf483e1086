import { classSizes, type FeatureSet } from './feature-set.js'
import { foldsOf, holdOut, type Split } from './splits.js'

/**
 * Which pictures judged a head. `pictures` is their number.
 * - `folds`: the examples, in `folds` parts. Each part was judged by a head that had learned from the other parts. The only picture of a
 *   class is in no part.
 * - `held-out`: pictures that were held out. They were judged by a head that had learned from the others.
 * - `own-examples`: the feature set of the option `validation`, which the head itself judged.
 */
export type ValidationKind =
  | { readonly kind: 'folds'; readonly folds: number; readonly pictures: number }
  | { readonly kind: 'held-out'; readonly pictures: number }
  | { readonly kind: 'own-examples'; readonly pictures: number }

/** The splits of the examples by which heads are judged. */
export interface Plan {
  readonly splits: readonly Split[]
  readonly how: ValidationKind
}

/** Up to so many pictures are judged in folds: a fifth of them would be too few to judge by, and five heads are trained quickly. */
export const fewPictures = 1000

const mostFolds = 5

/** If no class has this many pictures, there are no folds: a head that learned without one of two pictures would know too little. */
const leastToJudge = 3

/** The share that is held out of more than `fewPictures`. */
const heldShare = 0.2

/** Decides which pictures are held out; null if there are too few. */
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
