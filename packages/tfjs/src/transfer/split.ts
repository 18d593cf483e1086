import { permutation, uniform } from '../training/random.js'

/** Pictures to learn from, and pictures to judge by: indices of the dataset. */
export interface Split {
  readonly training: readonly number[]
  readonly validation: readonly number[]
}

/**
 * Sets a share of each class aside, at random, but never the last picture of one.
 * @param share 0 to 1 (exclusive)
 */
export function splitByClass(labels: readonly number[], share: number, seed: number): Split {
  const byClass = new Map<number, number[]>()
  labels.forEach((label, picture) => {
    byClass.set(label, [...(byClass.get(label) ?? []), picture])
  })
  const training: number[] = []
  const validation: number[] = []
  for (const [label, pictures] of [...byClass].toSorted(([one], [other]) => one - other)) {
    const aside = Math.min(Math.round(pictures.length * share), pictures.length - 1)
    permutation(pictures.length, uniform(seed, label)).forEach((place, rank) => {
      const chosen = rank < aside ? validation : training
      chosen.push(pictures[place]!)
    })
  }
  return { training, validation }
}
