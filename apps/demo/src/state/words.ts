import { EngineError } from '../engine/client.js'

/** Whether this machine has no network; a browser that cannot tell says that it has one. */
export const isOffline = (): boolean => !navigator.onLine

/** Why a model did not come, in words for the visitor: what a server and the network answer is no help to them. */
export function whyNotLoaded(error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof DOMException && error.name === 'AbortError') return error
  const download = error instanceof EngineError ? error.code === 'SOURCE' : error instanceof TypeError
  if (!download) return new Error(message, { cause: error })
  if (isOffline()) {
    return new Error(
      'You are offline, and this browser has not kept this model. Connect to a network, or take a model that was loaded before.',
      {
        cause: error,
      },
    )
  }
  return new Error(
    `Its publisher's server did not give it, or does not let other pages read it. Try again later, or download the file and drop it here.\n${message}`,
    { cause: error },
  )
}
