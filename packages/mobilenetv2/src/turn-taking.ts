import { type Global, onAbort } from '@mobilenetv2/spec'

/**
 * Runs a task when its turn comes. If the signal is aborted while the task waits, the task never runs and the promise rejects
 * at once with the signal's reason. A task that fails rejects its own promise and no other.
 */
export type TakeTurn = <Result>(task: () => Promise<Result>, signal?: Global<'AbortSignal'>) => Promise<Result>

/** Runs at most `most` tasks at once, and begins them in the order of the calls. A task must not take a turn itself: it could deadlock. */
export function createTurns(most: number): TakeTurn {
  let running = 0
  // A Set keeps the order of the calls, and deleting from its middle is cheap.
  const queue = new Set<() => void>()

  function turn(signal: Global<'AbortSignal'> | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        leave()
        resolve()
      }
      const leave = onAbort(signal, () => {
        queue.delete(begin)
        reject(signal?.reason)
      })
      queue.add(begin)
    })
  }

  return async (task, signal) => {
    signal?.throwIfAborted()
    // A task that ends hands its place to the first waiting task, so `running` does not change then.
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
        next()
      }
    }
  }
}
