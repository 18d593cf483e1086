import type { Page } from 'playwright'
import { observed } from './site.js'

interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  /** Microseconds of the processor. */
  readonly tdur?: number
  readonly args: { readonly name?: string }
}

/** Chromium's own record of what its threads did meanwhile. */
async function trace(page: Page, work: () => Promise<void>): Promise<readonly TraceEvent[]> {
  const session = await page.context().browser()!.newBrowserCDPSession()
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve))
  await session.send('Tracing.start', { traceConfig: { includedCategories: ['toplevel', '__metadata'] } })
  await work()
  await session.send('Tracing.end')
  await complete
  return events
}

/**
 * What pages' main threads had to do during some work.
 * @returns milliseconds of the processor of the longest task, and the number of those that took more than 50 ms by the clock
 */
export async function tasksOf(page: Page, work: () => Promise<void>): Promise<{ longest: number; longTasks: number }> {
  const before = await observed(page, 'longtask')
  const events = await trace(page, work)
  const after = await observed(page, 'longtask')
  const main = events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
  const tasks = events.filter(
    ({ name, pid, tid }) => name.includes('RunTask') && main.some((thread) => thread.pid === pid && thread.tid === tid),
  )
  if (tasks.length === 0) throw new Error('The trace has no task of a page.')
  return { longest: Math.max(...tasks.map(({ tdur = 0 }) => tdur / 1000)), longTasks: after.length - before.length }
}
