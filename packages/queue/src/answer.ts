/** What is asked about each picture. */
export interface Question {
  /** How many of the most probable classes; 0 for none. */
  readonly top: number
  /** Whether its features are wanted. */
  readonly embedding: boolean
}

/** A class of the model: its `index` among the classes, its `label`, and how probable it is. */
export interface Class {
  readonly index: number
  readonly label: string
  /** From 0 to 1. */
  readonly probability: number
}

/** What a model says about a picture. */
export interface PictureAnswer {
  /** The most probable classes, best first; null if none were asked for. */
  readonly top: readonly Class[] | null
  /** The pooled features; null if they were not asked for. */
  readonly embedding: Float32Array | null
}

/** A line of a result: the answer for a picture, or the reason why there is none. `file` is its path or address. */
export type ResultLine = ({ readonly file: string } & PictureAnswer) | { readonly file: string; readonly problem: string }
