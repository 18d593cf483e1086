import type { Global } from './global.js'

interface Watch {
  readonly callbacks: Set<() => void>
  readonly tell: () => void
}

const watches = new WeakMap<object, Watch>()

function watchOf(signal: Global<'AbortSignal'>): Watch {
  const known = watches.get(signal)
  if (known !== undefined) return known
  const callbacks = new Set<() => void>()
  const tell = (): void => {
    for (const callback of callbacks) callback()
  }
  const watch = { callbacks, tell }
  watches.set(signal, watch)
  signal.addEventListener('abort', tell)
  return watch
}

/**
 * Calls `callback` once, when the signal is aborted. If it is aborted already, the callback runs in a microtask. All callbacks of a signal
 * share one listener, because Node warns of a leak at 11 listeners. The listener is removed together with the last callback.
 * @param signal undefined counts as a signal that is never aborted
 * @returns a function that removes the callback
 * @internal
 */
export function onAbort(signal: Global<'AbortSignal'> | undefined, callback: () => void): () => void {
  if (signal === undefined) return () => {}
  if (signal.aborted) {
    let isLeft = false
    queueMicrotask(() => isLeft || callback())
    return () => {
      isLeft = true
    }
  }
  const { callbacks, tell } = watchOf(signal)
  // A new function for each call, so that a callback that is given twice runs twice.
  const own = (): void => callback()
  callbacks.add(own)
  return () => {
    if (!callbacks.delete(own) || callbacks.size > 0) return
    signal.removeEventListener('abort', tell)
    watches.delete(signal)
  }
}

/**
 * Settles as `work` does, or rejects with the signal's reason as soon as the signal is aborted. The work itself goes on.
 * @param signal undefined counts as a signal that is never aborted
 * @internal
 */
export function abortable<Result>(work: Promise<Result>, signal: Global<'AbortSignal'> | undefined): Promise<Result> {
  if (signal === undefined) return work
  if (signal.aborted) {
    work.catch(() => {})
    return Promise.reject(signal.reason)
  }
  return new Promise((resolve, reject) => {
    const leave = onAbort(signal, () => reject(signal.reason))
    work.then(resolve, reject).finally(leave)
  })
}
