import type { Global } from '@mobilenetv2/spec'

/** Yields to the event loop if it is time to. Long work awaits it between its steps. It returns undefined if it is not yet time. */
export type Pause = () => Promise<void> | undefined

/** Node has `setImmediate`, browsers do not. */
const { setImmediate: immediate } = globalThis as { readonly setImmediate?: (callback: () => void) => unknown }

/**
 * Yields to the event loop once, so that other tasks run first.
 * @example
 * ```ts
 * import { nextTask } from '@mobilenetv2/runtime'
 *
 * await nextTask()
 * ```
 */
export function nextTask(): Promise<void> {
  // In Node, sockets and timers run one turn of the event loop after setImmediate, but two turns after a message.
  if (immediate !== undefined) return new Promise((resolve) => void immediate(resolve))
  // Browsers delay nested timers by 4 ms; a message is not delayed.
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
 * Creates a pause for long work that starts now. The work awaits it often. Every `longest` milliseconds, 50 unless given, the pause yields
 * to the event loop, so that a page stays responsive and an abort is noticed. If the signal is aborted, the pause throws the signal's
 * reason.
 * @example
 * ```ts
 * import { createPause } from '@mobilenetv2/runtime'
 *
 * const pause = createPause(AbortSignal.timeout(1000))
 * for (let step = 0; step < 1000; step++) await pause()
 * ```
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
