import { shuffled } from './shuffled.js'

/** Pictures to learn from and pictures to judge by. */
export interface Split {
  readonly training: Uint32Array
  readonly held: Uint32Array
}

/** The pictures of each class, in random order. */
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

/** Holds out a share of each class, but never its last picture. */
export function holdOut(labels: readonly number[], classes: number, share: number, seed: number): Split {
  const isHeld = new Uint8Array(labels.length)
  for (const pictures of mixedByClass(labels, classes, seed)) {
    const count = Math.min(Math.round(pictures.length * share), pictures.length - 1)
    for (const picture of pictures.slice(0, count)) isHeld[picture] = 1
  }
  return splitOf(labels, isHeld)
}

/**
 * Deals the pictures of each class out to folds. Each fold is held out once. The only picture of a class is in no fold, so that every
 * training knows every class.
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
