import { hostThreads } from '#host'

/** The largest value of the option `threads`. One network cannot keep so many cores busy. */
export const mostThreads = 64

/** Where a model's work is done. */
export interface Threads {
  /** The number of workers; 0 if the calling thread does the work. */
  readonly workers: number
  /** Whether they share memory with the calling thread. */
  readonly share: boolean
  /** The text about threads in a model's `device`. */
  readonly text: string
  /** The address of a file with the workers' program. Unless given, workers start from text. */
  readonly workerUrl?: string | undefined
}

/** The threads that a model gets here. */
export function chooseThreads(threads?: number, workerUrl?: string): Threads {
  const { usual, most, limit } = hostThreads()
  const workers = Math.min(threads ?? usual, most)
  const count = `${Math.max(1, workers)} ${workers > 1 ? 'threads' : 'thread'}`
  const limited = limit !== null && (threads ?? most + 1) > most
  return { workers, share: limit === null, text: limited ? `${count} (${limit})` : count, workerUrl }
}
