/** Into how many parts a thread's share of a call is divided, so that another can do what it has not come to. */
export function partsOfShare(threads: number): number {
  return threads === 1 ? 1 : 2
}

/** Where each count is, in i32. */
interface Counts {
  readonly end: number
  readonly begin: number
  readonly done: number
  readonly taken: number
  readonly perShare: number
}

const cacheLine = 16

/**
 * The i32 by which threads share out the work, as indices from the plan's address on, each in a cache line of its own. All are 0 at
 * first, count on from order to order and may wrap around. Every share has `partsOfShare` numbers in each call: an order of n calls is
 * n times as many, from `begin` to before `end`, which is set last. `done` counts the parts that all threads have done; at
 * `taken` + t * `perShare` is the first number of thread t's share that nobody has taken.
 */
export const counts: Counts = { end: 0, begin: cacheLine, done: 2 * cacheLine, taken: 3 * cacheLine, perShare: cacheLine }

/** Bytes that the counts of a number of threads take. */
export function countsBytes(threads: number): number {
  return Int32Array.BYTES_PER_ELEMENT * (counts.taken + threads * counts.perShare)
}
