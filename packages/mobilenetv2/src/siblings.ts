// Files beside a checkpoint. This file is imported lazily, because most checkpoints are one file that says everything.
import { isMissing, readLocal } from '#files'
import { type FetchOptions, fetchAny, isAddress, statusOf, unreadable } from './read-bytes.js'

/** What servers answer if there is no such file, or none that they would show; stores of files say 403 for both. */
const absentStatuses = new Set([403, 404, 410])

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

/** How a file beside a checkpoint is read. */
interface BesideOptions extends FetchOptions {
  /** A file of more bytes counts as not there. */
  readonly longest?: number | undefined
  /** Whether the file need not be had. */
  readonly isOptional?: boolean | undefined
}

/**
 * The bytes at a path or URL; null if there is no such file, or if it has more than `longest` bytes. If it is optional, a request without
 * an answer counts as no file, because a browser gives none if a server's 404 does not allow the page to see it.
 * @throws MobileNetV2Error `SOURCE` if a file that is there cannot be read; the signal's reason if it was aborted
 */
async function readIfThere(location: string, { longest, isOptional, ...options }: BesideOptions): Promise<Uint8Array | null> {
  try {
    if (!isAddress(location)) return await readLocal(location, options.signal, longest ?? Number.POSITIVE_INFINITY)
    const response = await fetchAny(location, options)
    if (response.ok) return await bodyUpTo(response, longest)
    await response.body?.cancel()
    if (absentStatuses.has(response.status)) return null
    throw new Error(statusOf(response))
  } catch (cause) {
    const unanswered = cause instanceof TypeError && isAddress(location) && isOptional === true
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

/**
 * A file beside `location`; null if there is none of this name, or if it has more than `longest` bytes.
 * @throws MobileNetV2Error `SOURCE` if a file that is there cannot be read; the signal's reason if it was aborted
 */
export async function readBeside(location: string, name: string, options: BesideOptions): Promise<Uint8Array | null> {
  const sibling = siblingOf(location, name)
  return sibling === null ? null : readIfThere(sibling, options)
}
