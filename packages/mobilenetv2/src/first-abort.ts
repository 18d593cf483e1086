import { type Global, onAbort } from '@mobilenetv2/spec'

/** A signal that is aborted with the first of several. */
export interface FirstAbort {
  readonly signal: AbortSignal
  /** Stops listening to the given signals, and aborts `signal`. */
  release(): void
}

/** Used in place of `AbortSignal.any`: Node has that from 20.3 on, and some versions of it leak memory. */
export function firstAbort(signals: readonly (Global<'AbortSignal'> | undefined)[]): FirstAbort {
  const controller = new AbortController()
  for (const signal of signals) if (signal?.aborted) controller.abort(signal.reason)
  const leave = signals.map((signal) => onAbort(signal, () => controller.abort(signal?.reason)))
  return {
    signal: controller.signal,
    release() {
      for (const each of leave) each()
      controller.abort()
    },
  }
}
