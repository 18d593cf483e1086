/**
 * Runs a task when its turn comes. If the signal is aborted while the task waits, the task never runs and the promise rejects
 * at once with the signal's reason. A task that fails rejects its own promise and no other.
 */
export type TakeTurn = <Result>(task: () => Promise<Result>, signal?: AbortSignal) => Promise<Result>

interface Waiting {
  readonly signal: AbortSignal | undefined
  readonly begin: () => void
  readonly reject: (reason: unknown) => void
}

/** Runs at most `most` tasks at once, begun in the order of the calls. A task must not take a turn itself: it could wait for itself. */
export function createTurns(most: number): TakeTurn {
  let running = 0
  // A Set keeps the order of the calls, and deleting from its middle is cheap.
  const queue = new Set<Waiting>()
  const watched = new WeakSet<AbortSignal>()

  // One listener a signal, however many calls share it: Node warns of more than ten.
  function watch(signal: AbortSignal): void {
    if (watched.has(signal)) return
    watched.add(signal)
    const leaveOut = (): void => {
      for (const waiting of queue) {
        if (waiting.signal !== signal) continue
        queue.delete(waiting)
        waiting.reject(signal.reason)
      }
    }
    signal.addEventListener('abort', leaveOut, { once: true })
  }

  function turn(signal: AbortSignal | undefined): Promise<void> {
    if (signal !== undefined) watch(signal)
    return new Promise((begin, reject) => {
      queue.add({ signal, begin, reject })
    })
  }

  return async (task, signal) => {
    signal?.throwIfAborted()
    // A task that ends leaves its place to the first that waits, so `running` does not change.
    if (running < most) running += 1
    else await turn(signal)
    try {
      signal?.throwIfAborted()
      return await task()
    } finally {
      const [next] = queue
      if (next === undefined) {
        running -= 1
      } else {
        queue.delete(next)
        next.begin()
      }
    }
  }
}
