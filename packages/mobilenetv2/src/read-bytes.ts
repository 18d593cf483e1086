import { MobileNetV2Error } from '@mobilenetv2/spec'
import { isMissing, readLocal } from '#files'

/** How bytes are fetched. */
export interface FetchOptions {
  /** Used in place of the platform's `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined
  readonly signal?: AbortSignal | undefined
}

/** What servers answer if there is no such file, or none that they would show; stores of files say 403 for both. */
const absentStatuses = new Set([403, 404, 410])

/** Whether a location is an address, not a path. */
export function isAddress(location: string): boolean {
  return /^(https?|data|blob):/.test(location)
}

function unreadable(location: string, cause: unknown, signal: AbortSignal | undefined): MobileNetV2Error {
  signal?.throwIfAborted()
  return new MobileNetV2Error('SOURCE', 'A file cannot be read.', {
    where: location.length > 200 ? `${location.slice(0, 200)}…` : location,
    got: cause instanceof Error ? cause.message : String(cause),
    remedy: 'Give the path or URL of a file that exists and may be read.',
    cause,
  })
}

function fetchAny(url: string, { fetch = globalThis.fetch, signal }: FetchOptions): Promise<Response> {
  return fetch(url, signal === undefined ? {} : { signal })
}

function statusOf({ status, statusText }: Response): string {
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

/** The body of a response; null if it is longer. */
async function bodyUpTo({ body, headers }: Response, longest = Number.POSITIVE_INFINITY): Promise<Uint8Array | null> {
  if (body === null) return new Uint8Array()
  if (Number(headers.get('content-length') ?? 0) > longest) {
    await body.cancel()
    return null
  }
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  for (const reader = body.getReader(); ; ) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.length
    if (length > longest) {
      await reader.cancel()
      return null
    }
    pieces.push(value)
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer())
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

/**
 * The same, but null if there is no such file, or if it has more than `longest` bytes. If `longest` is given, the file need not be had: a
 * request without an answer counts as no file, because a browser gives none if a server's 404 does not allow the page to see it.
 * @throws MobileNetV2Error `SOURCE` if a file that is there cannot be read; the signal's reason if it was aborted
 */
async function readIfThere(location: string, options: FetchOptions, longest?: number): Promise<Uint8Array | null> {
  try {
    if (!isAddress(location)) return await readLocal(location, options.signal, longest ?? Number.POSITIVE_INFINITY)
    const response = await fetchAny(location, options)
    if (response.ok) return await bodyUpTo(response, longest)
    await response.body?.cancel()
    if (absentStatuses.has(response.status)) return null
    throw new Error(statusOf(response))
  } catch (cause) {
    const unanswered = cause instanceof TypeError && isAddress(location) && longest !== undefined
    if (isMissing(cause) || (unanswered && !options.signal?.aborted)) return null
    throw unreadable(location, cause, options.signal)
  }
}

/** The location of the file `name` in the folder of `location`; null if that is no place in a folder. */
export function siblingOf(location: string, name: string): string | null {
  if (/^(data|blob):/.test(location)) return null
  if (!/^[a-z][a-z+.-]+:/i.test(location)) return location.replace(/[^/\\]*$/, () => name)
  return new URL(name.split('/').map(encodeURIComponent).join('/'), location).href
}

/** Reads files beside `location`. */
export function siblingsOf(
  location: string,
  options: FetchOptions,
): (name: string, longest?: number) => Promise<Uint8Array | null> {
  return async (name, longest) => {
    const sibling = siblingOf(location, name)
    return sibling === null ? null : readIfThere(sibling, options, longest)
  }
}
