import type { Answer } from '../answers.js'
import type { PictureSource } from '../picture-source.js'

/** A picture whose most probable class is not the right one. */
export interface Mistake {
  /** The picture, as it was given; its path, if it came from a folder. */
  readonly picture: PictureSource
  /** The class that it shows, with the probability that the model gave it. */
  readonly right: Answer
  /** The most probable class, as the model answered. */
  readonly answer: Answer
}

/** Keeps the worst mistakes. */
export interface WorstMistakes {
  /** Adds a mistake. The greater the loss, the worse it is. */
  add(mistake: Mistake, loss: number): void
  /** The worst first; equal ones in the order in which they came. */
  list(): readonly Mistake[]
}

/** Keeps the `most` worst mistakes: those with the greatest loss. */
export function keepWorst(most: number): WorstMistakes {
  const kept: { readonly mistake: Mistake; readonly loss: number }[] = []
  return {
    add(mistake, loss) {
      const after = kept.findIndex((other) => other.loss < loss)
      kept.splice(after < 0 ? kept.length : after, 0, { mistake, loss })
      if (kept.length > most) kept.pop()
    },
    list: () => kept.map(({ mistake }) => mistake),
  }
}
