import type { ClassifierName, PipelineModel } from './classifiers.js'

interface Common {
  readonly model: PipelineModel
  readonly photos: readonly string[]
}

/** Classifiers that take the photos in turn, in one process. */
export interface InTurn extends Common {
  readonly kind: 'inTurn'
  readonly names: readonly ClassifierName[]
}

/** One classifier on each of several worker threads, which share the photos. */
export interface AtOnce extends Common {
  readonly kind: 'atOnce'
  readonly name: ClassifierName
  readonly workers: number
}

/** What a child process is asked to do, one thing in its life. */
export type PipelineJob = InTurn | AtOnce

/** Of each classifier, the milliseconds of each photo, and its answers. */
export interface InTurnAnswer {
  readonly devices: readonly string[]
  readonly times: readonly (readonly number[])[]
  readonly answers: readonly (readonly number[])[]
}

export interface AtOnceAnswer {
  /** Of all photos together. */
  readonly milliseconds: number
  /** The highest resident memory of the process; null where the system does not tell. */
  readonly peakMemoryBytes: number | null
}

export type PipelineReply =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'inTurn'; readonly answer: InTurnAnswer }
  | { readonly kind: 'atOnce'; readonly answer: AtOnceAnswer }
  | { readonly kind: 'error'; readonly message: string }
