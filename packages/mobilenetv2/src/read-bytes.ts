import { MobileNetV2Error } from '@mobilenetv2/spec'
import { readLocal } from '#files'

function unreadable(location: string, cause: unknown, signal: AbortSignal | undefined): MobileNetV2Error {
  signal?.throwIfAborted()
  return new MobileNetV2Error('SOURCE', 'A file cannot be read.', {
    where: location.length > 200 ? `${location.slice(0, 200)}…` : location,
    got: cause instanceof Error ? cause.message : String(cause),
    remedy: 'Give the path or URL of a file that exists and may be read.',
    cause,
  })
}

/**
 * The answer of a server that has the file; its body is still to come.
 * @throws MobileNetV2Error `SOURCE` where there is none or it is a refusal; the signal's reason where it was aborted.
 */
export async function fetchResponse(url: string, signal?: AbortSignal): Promise<Response> {
  try {
    const response = await fetch(url, signal === undefined ? {} : { signal })
    if (!response.ok) throw new Error(`HTTP status ${response.status} ${response.statusText}`.trim())
    return response
  } catch (cause) {
    throw unreadable(url, cause, signal)
  }
}

/** Whether a location is a URL that `fetch` loads, and not a local file. */
export function isFetched(location: string): boolean {
  return /^(https?|data|blob):/.test(location)
}

/**
 * The bytes at a path or URL.
 * @throws MobileNetV2Error `SOURCE` with the reason where they cannot be had; the signal's reason where it was aborted.
 */
export async function readBytes(location: string, signal?: AbortSignal): Promise<Uint8Array> {
  if (isFetched(location)) return new Uint8Array(await (await fetchResponse(location, signal)).arrayBuffer())
  try {
    return await readLocal(location, signal)
  } catch (cause) {
    throw unreadable(location, cause, signal)
  }
}

/** The location of `name` beside `location`, for files that come in parts. */
export function siblingOf(location: string, name: string): string {
  if (/^[a-z][a-z+.-]+:/i.test(location)) return new URL(name, location).href
  return location.replace(/[^/\\]*$/, name)
}
