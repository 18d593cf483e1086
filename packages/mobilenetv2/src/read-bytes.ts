import { MobileNetV2Error } from '@mobilenetv2/spec'
import { readLocal } from '#files'

/** How bytes are fetched. */
export interface FetchOptions {
  /** Used in place of the platform's `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined
  readonly signal?: AbortSignal | undefined
}

/** Whether a location is an address, not a path. */
export function isAddress(location: string): boolean {
  return /^(https?|data|blob):/.test(location)
}

/** The error for a file that cannot be read; throws the signal's reason if it was aborted. */
export function unreadable(location: string, cause: unknown, signal: AbortSignal | undefined): MobileNetV2Error {
  signal?.throwIfAborted()
  return new MobileNetV2Error('SOURCE', 'A file cannot be read.', {
    where: location.length > 200 ? `${location.slice(0, 200)}…` : location,
    got: cause instanceof Error ? cause.message : String(cause),
    remedy: 'Give the path or URL of a file that exists and may be read.',
    cause,
  })
}

/** The response of a server, whatever its status. */
export function fetchAny(url: string, { fetch = globalThis.fetch, signal }: FetchOptions): Promise<Response> {
  return fetch(url, signal === undefined ? {} : { signal })
}

/** What an error says about the status of a response. */
export function statusOf({ status, statusText }: Response): string {
  return `HTTP status ${status} ${statusText}`.trim()
}

/**
 * The response of a server, whose body is still to be read.
 * @throws MobileNetV2Error `SOURCE` if no response comes or its status is an error; the signal's reason if it was aborted.
 */
export async function fetchResponse(url: string, options: FetchOptions = {}): Promise<Response> {
  try {
    const response = await fetchAny(url, options)
    if (!response.ok) throw new Error(statusOf(response))
    return response
  } catch (cause) {
    throw unreadable(url, cause, options.signal)
  }
}

/**
 * The bytes at a path or URL.
 * @throws MobileNetV2Error `SOURCE` with the reason if they cannot be had; the signal's reason if it was aborted.
 */
export async function readBytes(location: string, options: FetchOptions = {}): Promise<Uint8Array> {
  if (isAddress(location)) return new Uint8Array(await (await fetchResponse(location, options)).arrayBuffer())
  try {
    return await readLocal(location, options.signal)
  } catch (cause) {
    throw unreadable(location, cause, options.signal)
  }
}
