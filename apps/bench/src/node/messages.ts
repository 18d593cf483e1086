import type { ColdTimes, Paired, PairedJob, StartJob, Survey } from '../jobs.js'
import type { ScalingJob, ScalingTime } from '../scaling.js'

/** The one question that a child process is asked, and its answer. */
export interface Questions {
  survey: { ask: StartJob; answer: Survey }
  coldStart: { ask: StartJob; answer: ColdTimes }
  paired: { ask: PairedJob; answer: Paired }
  scaling: { ask: ScalingJob; answer: ScalingTime[] }
}

/** What the parent process sends; `folder` is the folder of the models' files. */
export type Question = { [Kind in keyof Questions]: { kind: Kind; folder: string; ask: Questions[Kind]['ask'] } }[keyof Questions]

/** What the child process sends. */
export type Reply =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'answer'; readonly answer: Questions[keyof Questions]['answer'] }
  | { readonly kind: 'error'; readonly message: string }
