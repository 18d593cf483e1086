import { type Download, measureDownload } from './download.js'
import type { Handover } from './handover.js'
import type { ColdTimes, StartJob, Survey } from './jobs.js'
import type { Lab } from './lab.js'
import { factsOf } from './registry.js'

/** The findings about one contender that ran alone. */
export interface Start {
  readonly survey: Survey
  readonly cold: ColdTimes
  readonly download: Download | null
}

const coldStarts = 5
/** A contender with a longer start is started only once. */
const longStartMs = 5000

/** The cold start with the median total time. */
export function medianStart(starts: readonly ColdTimes[]): ColdTimes {
  const sorted = starts.toSorted((a, b) => a.loadMs + a.firstRunMs - (b.loadMs + b.firstRunMs))
  return sorted[sorted.length >> 1]!
}

/**
 * Starts a contender alone, several times.
 * @param runs the highest number of cold starts
 * @throws Error if it cannot run here
 */
export async function startContender(lab: Lab, job: StartJob, missing: Handover['missing'], runs: number): Promise<Start> {
  const { places, model } = factsOf(job.contender)
  if (!places.includes(lab.where)) throw new Error(`runs in ${places.join(', ')} only`)
  const reason = missing.get(model)
  if (reason !== undefined) throw new Error(reason)
  const begin = performance.now()
  const survey = await lab.survey(job)
  const count = performance.now() - begin > longStartMs ? 1 : Math.min(coldStarts, runs)
  const starts: ColdTimes[] = []
  while (starts.length < count) starts.push(await lab.coldStart(job))
  const download = await measureDownload(job.contender, job.assignment.threads, lab.where)
  return { survey, cold: medianStart(starts), download }
}
