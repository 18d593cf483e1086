import { type Global, onAbort } from '@mobilenetv2/spec'

/** A signal that is aborted as soon as one of several signals is. */
export interface FirstAbort {
  readonly signal: AbortSignal
  /** Stops listening to the given signals, and aborts `signal`. */
  release(): void
}

/** Does what `AbortSignal.any` does. Node has that only from 20.3 on, and in some versions it leaks memory. */
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
