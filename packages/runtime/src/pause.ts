import type { Global } from '@mobilenetv2/spec'

/** Await it between the steps of long work. It returns undefined if it is not yet time to yield to the event loop. */
export type Pause = () => Promise<void> | undefined

/** What Node has and browsers lack. */
const { setImmediate: immediate } = globalThis as { readonly setImmediate?: (callback: () => void) => unknown }

/** Yields to the event loop once: other tasks run first. */
export function nextTask(): Promise<void> {
  // In Node, sockets and timers run one turn of the event loop after setImmediate, but two turns after a message.
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
 * Creates a pause for work that starts now. Awaited often, it yields to the event loop every `longest` milliseconds, so a page stays
 * responsive and an abort is noticed. It throws the signal's reason if the signal is aborted.
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
