/** Long work awaits it between its parts. */
export type Pause = () => Promise<void> | undefined

/** Lets other tasks run, and goes on at once. In a browser a timer would wait for 4 ms. */
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
 * A pause for long work that begins now. Other tasks run after each `longest` milliseconds of the work, so that a page stays alive and
 * a signal can be aborted. The pause throws the signal's reason if the signal is aborted.
 */
export function createPause(signal?: AbortSignal, longest = 50): Pause {
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
