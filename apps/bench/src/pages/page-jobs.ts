import type { Where } from '../contender.js'
import type { ColdTimes, StartJob } from '../jobs.js'
import { factsOf } from '../registry.js'
import type { page } from './page.js'
import type { PageServer } from './server.js'

type PageFunctions = typeof page

/** Calls one of the page's functions in a page. An error of the page arrives with its plain message. */
export type CallPage = <Name extends keyof PageFunctions>(
  name: Name,
  ...given: Parameters<PageFunctions[Name]>[0] extends undefined ? [] : [Parameters<PageFunctions[Name]>[0]]
) => Promise<Awaited<ReturnType<PageFunctions[Name]>>>

/**
 * Starts a contender, and compares the files that its library fetches with its row in the registry.
 * @param around runs the start, and measures the memory before and after it
 * @throws Error if the library fetches other files
 */
export async function surveyPage(
  call: CallPage,
  server: PageServer,
  where: Where,
  job: StartJob,
  around: (start: () => Promise<{ device: string | null }>) => Promise<{ device: string | null; peakMemoryBytes: number | null }>,
): Promise<{ device: string | null; peakMemoryBytes: number | null }> {
  if (job.contender === 'wasm') await call('tune')
  await call('open', job)
  server.takePeerFiles()
  const found = await around(() => call('survey'))
  const listed = new Set(factsOf(job.contender).peerFiles(job.assignment.threads, where))
  const fetched = server.takePeerFiles()
  if (listed.size !== fetched.size || [...listed].some((file) => !fetched.has(file))) {
    throw new Error(
      `fetches ${[...fetched].join(', ') || 'no file'}, but its row in the registry lists ${[...listed].join(', ') || 'none'}`,
    )
  }
  return found
}

/**
 * One cold start of a contender whose files are in memory.
 * @throws Error if its library fetches one of them from the server nevertheless
 */
export async function coldStartPage(call: CallPage, server: PageServer, where: Where, job: StartJob): Promise<ColdTimes> {
  await call('open', job)
  await call('answerFromMemory', factsOf(job.contender).peerFiles(job.assignment.threads, where))
  server.takePeerFiles()
  const times = await call('coldStart')
  const waited = [...server.takePeerFiles()].filter((file) => file.endsWith('.wasm'))
  if (waited.length > 0) throw new Error(`fetches ${waited.join(', ')} again in its cold start`)
  return times
}

/** @throws Error if the work takes longer than `timeoutMs` */
export function within<Result>(work: Promise<Result>, timeoutMs: number): Promise<Result> {
  let timer: NodeJS.Timeout
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs)
  })
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer))
}
