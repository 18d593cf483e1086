import { type Global, onAbort } from '@mobilenetv2/spec'

/**
 * Settles as `work` does, or rejects with the signal's reason as soon as the signal is aborted. The work itself is not stopped.
 * @param signal not aborted yet
 */
export function abortable<Result>(work: Promise<Result>, signal: Global<'AbortSignal'> | undefined): Promise<Result> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const leave = onAbort(signal, () => reject(signal.reason))
    work.then(resolve, reject).finally(leave)
  })
}
