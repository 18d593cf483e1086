import type { Pause } from './crew.js'

/** A run that can be ended early lets other tasks in, so that its signal can fire, after this many milliseconds. */
const longestSilence = 50

/** Lets other tasks in. */
export const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

/** For one run that begins now. */
export function createPause(signal: AbortSignal | undefined): Pause {
  if (signal === undefined) return () => undefined
  let lastTask = performance.now()
  return () => {
    signal.throwIfAborted()
    if (performance.now() - lastTask < longestSilence) return undefined
    return nextTask().then(() => {
      lastTask = performance.now()
      signal.throwIfAborted()
    })
  }
}
