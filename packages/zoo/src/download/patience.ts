import { type Global, onAbort } from '@mobilenetv2/spec'

/** How often and how long a download tries; times are in milliseconds. */
export interface Patience {
  /** Most attempts at one address that get no further than the attempts before. */
  readonly attempts: number
  /** The wait after the first failure. It doubles with each further failure. */
  readonly firstWait: number
  /** The longest wait after a failure. */
  readonly longestWait: number
  /** If a server asks for a longer wait than this, its address is given up. */
  readonly longestAskedWait: number
  /** The longest time in which a server may send nothing. */
  readonly longestStall: number
}

/** The patience of all downloads outside tests. */
export const usualPatience: Patience = {
  attempts: 5,
  firstWait: 500,
  longestWait: 15_000,
  longestAskedWait: 60_000,
  longestStall: 30_000,
}

/** The wait after `failures` failures in a row: exponential, less a random part of up to a half. */
export function waitAfter(failures: number, { firstWait, longestWait }: Patience): number {
  return Math.min(longestWait, firstWait * 2 ** (failures - 1)) * (0.5 + Math.random() / 2)
}

/** Waits. If the signal is aborted, it rejects with the signal's reason at once. */
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
