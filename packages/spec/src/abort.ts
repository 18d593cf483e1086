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
 * Calls `callback` when the signal is aborted, unless the function that is returned was called before. All callbacks of a signal share
 * one listener, because Node warns of a leak at 11; it is removed with the last callback. If the signal is aborted already, the callback
 * comes in a microtask.
 * @param signal undefined is never aborted
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
  // Of its own, so that a callback that is given twice counts twice.
  const own = (): void => callback()
  callbacks.add(own)
  return () => {
    if (!callbacks.delete(own) || callbacks.size > 0) return
    signal.removeEventListener('abort', tell)
    watches.delete(signal)
  }
}

/**
 * Settles as `work` does, or rejects with the signal's reason as soon as the signal is aborted. The work itself is not stopped.
 * @param signal undefined is never aborted
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
