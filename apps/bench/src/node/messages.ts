import type { ColdTimes, Paired, PairedJob, StartJob, Survey } from '../jobs.js'
import type { ScalingJob, ScalingTime } from '../scaling.js'

/** What a child process is asked, one thing in its life, and what it answers. */
export interface Questions {
  survey: { ask: StartJob; answer: Survey }
  coldStart: { ask: StartJob; answer: ColdTimes }
  paired: { ask: PairedJob; answer: Paired }
  scaling: { ask: ScalingJob; answer: ScalingTime[] }
}

/** What the parent sends; `folder` is where the files of the models lie. */
export type Question = { [Kind in keyof Questions]: { kind: Kind; folder: string; ask: Questions[Kind]['ask'] } }[keyof Questions]

/** What the child sends. */
export type Reply =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'answer'; readonly answer: Questions[keyof Questions]['answer'] }
  | { readonly kind: 'error'; readonly message: string }
