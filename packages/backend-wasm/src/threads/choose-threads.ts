import { hostThreads } from '#host'

/** More than any processor's cores that one network could keep busy. */
export const mostThreads = 64

/** Where a model's work is done. */
export interface Threads {
  /** Workers; 0 where the calling thread does it all. */
  readonly workers: number
  /** Whether they share memory with the calling thread. */
  readonly share: boolean
  /** As the device's name says it. */
  readonly text: string
  /** Of a file with the workers' program; unless given, they start from text. */
  readonly workerUrl?: string | undefined
}

/** What the option `threads`, an integer from 0 to `mostThreads`, comes to here. */
export function chooseThreads(threads?: number, workerUrl?: string): Threads {
  const { usual, most, limit } = hostThreads()
  const workers = Math.min(threads ?? usual, most)
  const count = `${Math.max(1, workers)} ${workers > 1 ? 'threads' : 'thread'}`
  const limited = limit !== null && (threads ?? most + 1) > most
  return { workers, share: limit === null, text: limited ? `${count} (${limit})` : count, workerUrl }
}
