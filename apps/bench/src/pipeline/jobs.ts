import type { Answer, PipelineModel } from './classifier.js'
import type { ClassifierName } from './classifiers.js'

interface Common {
  readonly model: PipelineModel
  readonly photos: readonly string[]
}

/** Classifiers that take the photos in turn, in one process. */
export interface InTurn extends Common {
  readonly kind: 'inTurn'
  readonly names: readonly ClassifierName[]
}

/** One classifier on each of several workers, which share the photos. */
export interface AtOnce extends Common {
  readonly kind: 'atOnce'
  readonly name: ClassifierName
  readonly workers: number
}

/** The one job of a child process. */
export type PipelineJob = InTurn | AtOnce

/** The answers of each classifier, one for each photo. */
export interface InTurnAnswer {
  readonly devices: readonly string[]
  readonly answers: readonly (readonly Answer[])[]
}

export interface AtOnceAnswer {
  /** The time of all photos together. */
  readonly milliseconds: number
  /** The highest resident memory of the process, or the sum if there are several; null if the operating system does not tell it. */
  readonly peakMemoryBytes: number | null
}

export type PipelineReply =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'inTurn'; readonly answer: InTurnAnswer }
  | { readonly kind: 'atOnce'; readonly answer: AtOnceAnswer }
  | { readonly kind: 'error'; readonly message: string }
