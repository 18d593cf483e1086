import type { Global } from '@mobilenetv2/spec'

/** Long work awaits it between its parts. */
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
 * A pause for long work that begins now. Other tasks run after each `longest` milliseconds of the work, so that a page stays alive and
 * a signal can be aborted. The pause throws the signal's reason if the signal is aborted.
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
