import type { Where } from './contender.js'
import type { ColdTimes, Paired, PairedJob, StartJob, Survey } from './jobs.js'
import type { ScalingJob, ScalingTime } from './scaling.js'

/** Shows one line about the current work. */
export type Progress = (text: string) => void

/** A place in which contenders run. Each job gets a fresh process or page. */
export interface Lab {
  readonly where: Where
  /** Its name and version. */
  readonly version: string
  survey(job: StartJob): Promise<Survey>
  coldStart(job: StartJob): Promise<ColdTimes>
  paired(job: PairedJob, progress: Progress): Promise<Paired>
  scaling(job: ScalingJob, progress: Progress): Promise<ScalingTime[]>
  /** Ends every job that still runs. */
  close(): Promise<void>
}

/** The longest time that one start of one contender may take, in milliseconds. Software WebGPU takes half a minute. */
export const startTimeoutMs = 180_000
