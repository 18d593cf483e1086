import { type Global, onAbort } from '@mobilenetv2/spec'

/** How long a download waits, and for what; in milliseconds. */
export interface Patience {
  /** Attempts at one address without getting further than before. */
  readonly attempts: number
  /** The wait after the first failure, doubled after each further one. */
  readonly firstWait: number
  readonly longestWait: number
  /** A server that asks for a longer wait than this is given up. */
  readonly longestAskedWait: number
  /** The longest time in which a server may send nothing. */
  readonly longestStall: number
}

export const usualPatience: Patience = {
  attempts: 5,
  firstWait: 500,
  longestWait: 15_000,
  longestAskedWait: 60_000,
  longestStall: 30_000,
}

/** The wait before the next attempt, after `failures` in a row: exponential, with its upper half left to chance. */
export function waitAfter(failures: number, { firstWait, longestWait }: Patience): number {
  return Math.min(longestWait, firstWait * 2 ** (failures - 1)) * (0.5 + Math.random() / 2)
}

/** Waits; ends early with the signal's reason. */
export function wait(milliseconds: number, signal: Global<'AbortSignal'> | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      leave()
      resolve()
    }, milliseconds)
    const leave = onAbort(signal, () => {
      leave()
      clearTimeout(timer)
      reject(signal?.reason)
    })
  })
}
