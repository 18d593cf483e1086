import { type Global, onAbort } from '@mobilenetv2/spec'
import { AttemptFailure } from './attempt-failure.js'

/** Watches that a server goes on sending. */
export interface StallWatch {
  /** Aborts when the user's signal does, or when nothing has arrived for too long. */
  readonly signal: AbortSignal
  /** Says that something has arrived. */
  touch(): void
  /** Ends the watch. */
  stop(): void
}

/** Starts a watch. `longestStall` is in milliseconds. */
export function watchStalls(longestStall: number, user: Global<'AbortSignal'> | undefined): StallWatch {
  const controller = new AbortController()
  const stalled = (): void =>
    controller.abort(new AttemptFailure(`nothing arrived for ${longestStall / 1000} s`, { mayPass: true }))
  let timer = setTimeout(stalled, longestStall)
  const leave = onAbort(user, () => controller.abort(user?.reason))
  return {
    signal: controller.signal,
    touch() {
      clearTimeout(timer)
      timer = setTimeout(stalled, longestStall)
    },
    stop() {
      clearTimeout(timer)
      leave()
    },
  }
}
