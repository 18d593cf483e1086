/** Into how many parts a thread's share of a call is divided, so that other threads can steal some of them. */
export function partsOfShare(threads: number): number {
  return threads === 1 ? 1 : 2
}

/** The index of each count, as an i32. */
interface Counts {
  readonly end: number
  readonly begin: number
  readonly done: number
  readonly taken: number
  readonly perShare: number
}

const cacheLine = 16

/**
 * The counters with which threads divide the work. They are i32, at these indices from the plan's address on, each in its own cache line.
 * They begin at 0, are never reset, and may wrap around.
 *
 * The parts of each share are numbered across calls: a call has `partsOfShare` numbers, so an order of n calls has n times as many, from
 * `begin` to before `end`. The calling thread sets `end` last. `done` counts the finished parts of all threads. At `taken` + t * `perShare`
 * is the first number in the share of thread t that no thread has taken yet.
 */
export const counts: Counts = { end: 0, begin: cacheLine, done: 2 * cacheLine, taken: 3 * cacheLine, perShare: cacheLine }

/** The bytes of the counts for a number of threads. */
export function countsBytes(threads: number): number {
  return Int32Array.BYTES_PER_ELEMENT * (counts.taken + threads * counts.perShare)
}
