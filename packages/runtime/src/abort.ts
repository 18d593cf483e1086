import type { Global } from '@mobilenetv2/spec'

/** The functions to call when a signal is aborted. A signal gets one listener for all work, because Node warns of a leak at 11. */
const waiting = new WeakMap<AbortSignal, Set<(reason: unknown) => void>>()

function waitersOf(signal: AbortSignal): Set<(reason: unknown) => void> {
  const known = waiting.get(signal)
  if (known !== undefined) return known
  const waiters = new Set<(reason: unknown) => void>()
  waiting.set(signal, waiters)
  signal.addEventListener('abort', () => {
    for (const reject of waiters) reject(signal.reason)
  })
  return waiters
}

/**
 * Settles as `work` does, or rejects with the signal's reason as soon as the signal is aborted. The work itself is not stopped.
 * @param signal not aborted yet
 */
export function abortable<Result>(work: Promise<Result>, signal: Global<'AbortSignal'> | undefined): Promise<Result> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const waiters = waitersOf(signal)
    waiters.add(reject)
    work.then(resolve, reject).finally(() => waiters.delete(reject))
  })
}
