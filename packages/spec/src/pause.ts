import type { Global } from './global.js'

/** To be awaited between the parts of long work: it lets other tasks in where the last time is a while ago. */
export type Pause = () => Promise<void> | undefined

/** Lets other tasks in, and goes on at once; in a browser a timer would wait for 4 ms. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}

/**
 * For long work that begins now: other tasks get in after each `longest` milliseconds of it, so that a page stays alive and a signal
 * can fire. Throws the signal's reason where that is aborted.
 */
export function createPause(signal?: Global<'AbortSignal'>, longest = 50): Pause {
  let lastTask = performance.now()
  return () => {
    signal?.throwIfAborted()
    if (performance.now() - lastTask < longest) return undefined
    return nextTask().then(() => {
      lastTask = performance.now()
      signal?.throwIfAborted()
    })
  }
}
