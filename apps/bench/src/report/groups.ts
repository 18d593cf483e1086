import type { Peak, Report, Result } from '../result.js'
import { count } from './format.js'

/** The results of contenders that ran in turn in one process or page. */
export interface Group {
  readonly title: string
  readonly results: readonly Result[]
  readonly peak: Peak | null
}

/** Results by place and number of threads, in the order in which they ran. */
export function groupsOf({ results, peaks, machine }: Report): Group[] {
  const keys = [...new Set(results.map(({ where, threads }) => `${where} ${threads}`))]
  return keys.map((key) => {
    const own = results.filter(({ where, threads }) => `${where} ${threads}` === key)
    const { where, threads } = own[0]!
    return {
      title: `${machine.places[where] ?? where}, ${count(threads, 'thread')}`,
      results: own,
      peak: peaks.find((peak) => peak.where === where && peak.threads === threads) ?? null,
    }
  })
}
