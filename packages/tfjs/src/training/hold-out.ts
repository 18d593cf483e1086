import type { Dataset } from './dataset.js'
import { permutation, uniform } from './random.js'

/** The dataset of the pictures with these indices. */
function chosen({ classNames, labels, picture }: Dataset, indices: readonly number[]): Dataset {
  return { classNames, labels: indices.map((index) => labels[index]!), picture: (index) => picture(indices[index]!) }
}

/**
 * Holds out a random share of the pictures of each class. The number is rounded, and at least one picture of each class stays. `held` is
 * null if no picture is held out.
 * @param share 0 to below 1
 */
export function holdOut(dataset: Dataset, share: number, seed: number): { readonly kept: Dataset; readonly held: Dataset | null } {
  const { labels, classNames } = dataset
  const held = new Set<number>()
  for (let label = 0; label < classNames.length; label++) {
    const own = [...labels.keys()].filter((index) => labels[index] === label)
    const count = Math.min(Math.round(share * own.length), own.length - 1)
    const order = permutation(own.length, uniform(seed, label))
    for (let place = 0; place < count; place++) held.add(own[order[place]!]!)
  }
  if (held.size === 0) return { kept: dataset, held: null }
  const indices = [...labels.keys()]
  return {
    kept: chosen(
      dataset,
      indices.filter((index) => !held.has(index)),
    ),
    held: chosen(
      dataset,
      indices.filter((index) => held.has(index)),
    ),
  }
}
