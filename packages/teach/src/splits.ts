import { shuffled } from './shuffled.js'

/** Examples in two parts. */
export interface Split {
  /** The indices of the pictures to learn from, ascending. */
  readonly training: Uint32Array
  /** The indices of the pictures that are held out to judge by, ascending. */
  readonly held: Uint32Array
}

/** The pictures of each class, in an order that the seed decides. */
function mixedByClass(labels: readonly number[], classes: number, seed: number): number[][] {
  const byClass: number[][] = Array.from({ length: classes }, () => [])
  labels.forEach((label, picture) => {
    byClass[label]!.push(picture)
  })
  return byClass.map((pictures, label) => shuffled(pictures, seed, label))
}

function splitOf(labels: readonly number[], isHeld: Uint8Array): Split {
  const pictures = Uint32Array.from(labels.keys())
  return {
    training: pictures.filter((picture) => isHeld[picture] === 0),
    held: pictures.filter((picture) => isHeld[picture] === 1),
  }
}

/**
 * Holds out a share of the pictures of each class, but never its last picture. The same seed holds out the same pictures.
 * @param labels the class index of each picture
 * @param classes the number of classes
 * @param share 0 to 1
 * @param seed an integer
 * @example
 * ```ts
 * import { holdOut } from '@mobilenetv2/teach'
 *
 * const { training, held } = holdOut([0, 0, 0, 0, 1, 1, 1, 1], 2, 0.25, 7)
 * training.length // => 6
 * held.length // => 2
 * ```
 */
export function holdOut(labels: readonly number[], classes: number, share: number, seed: number): Split {
  const isHeld = new Uint8Array(labels.length)
  for (const pictures of mixedByClass(labels, classes, seed)) {
    const count = Math.min(Math.round(pictures.length * share), pictures.length - 1)
    for (const picture of pictures.slice(0, count)) isHeld[picture] = 1
  }
  return splitOf(labels, isHeld)
}

/**
 * Deals the pictures of each class to folds. Each fold is held out once. The only picture of a class is in no fold, so that every head
 * learns every class.
 */
export function foldsOf(labels: readonly number[], classes: number, folds: number, seed: number): Split[] {
  const foldOf = new Int32Array(labels.length).fill(-1)
  let dealt = 0
  for (const pictures of mixedByClass(labels, classes, seed)) {
    if (pictures.length < 2) continue
    for (const picture of pictures) {
      foldOf[picture] = dealt % folds
      dealt++
    }
  }
  return Array.from({ length: folds }, (_, fold) =>
    splitOf(
      labels,
      Uint8Array.from(foldOf, (own) => (own === fold ? 1 : 0)),
    ),
  )
}
