import { type Global, onAbort } from '@mobilenetv2/spec'

/** A signal that is aborted with the first of several. */
export interface FirstAbort {
  readonly signal: AbortSignal
  /** Leaves the others, and ends all work that still has the signal. */
  release(): void
}

/** `AbortSignal.any`, which Node has from 20.3 on and which leaks memory in some of its versions. */
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
