import type { Global } from './global.js'

/** To be awaited between the parts of long work: it lets other tasks in where the last time is a while ago. */
export type Pause = () => Promise<void> | undefined

/** What Node has and browsers lack. */
const { setImmediate: immediate } = globalThis as { readonly setImmediate?: (callback: () => void) => unknown }

/** Lets other tasks run, and goes on right after them. */
export function nextTask(): Promise<void> {
  // In Node a message takes part of the turn that it ends: sockets and timers would wait for two turns in place of one.
  if (immediate !== undefined) return new Promise((resolve) => void immediate(resolve))
  // In a browser a timer would wait for 4 ms.
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
