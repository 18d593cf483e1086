import { type Global, onAbort } from '@mobilenetv2/spec'
import { AttemptFailure } from './attempt-failure.js'

/** A signal that aborts when the user's does, or when nothing has come for too long. */
export interface StallWatch {
  readonly signal: AbortSignal
  /** Something has come. */
  touch(): void
  stop(): void
}

export function watchStalls(longestStall: number, user: Global<'AbortSignal'> | undefined): StallWatch {
  const controller = new AbortController()
  const stalled = (): void => controller.abort(new AttemptFailure(`nothing came for ${longestStall / 1000} s`, { mayPass: true }))
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
