// Files beside a checkpoint. This file is imported lazily, because most checkpoints are one file that says everything.
import { messageOf } from '@mobilenetv2/spec'
import { longestModel, readSource } from '@mobilenetv2/weights'
import { localSize, readLocal } from '#files'
import { type FetchOptions, fetchResponse, isAddress } from './read-bytes.js'

/** What servers answer if there is no such file, or none that they would show; stores of files say 403 for both. */
const absentStatuses = new Set([403, 404, 410])

/** How a file beside a checkpoint is read. */
interface BesideOptions extends FetchOptions {
  /** A longer file is refused, in bytes; if it is optional, it counts as not there. */
  readonly longest?: number | undefined
  /** Whether the file need not be had. Then one that a server does not give counts as not there. */
  readonly isOptional?: boolean | undefined
  /** Called if a server that answers cannot give an optional file. */
  readonly onUnread?: ((reason: string) => void) | undefined
}

/** The file at an address; null if there is none. */
async function fetchIfThere(address: string, options: BesideOptions): Promise<Uint8Array | null> {
  const { longest = longestModel, isOptional, signal, onUnread } = options
  let hasAnswered = false
  try {
    const response = await fetchResponse(address, options)
    hasAnswered = true
    if (!absentStatuses.has(response.status)) return await readSource(response, { signal }, { longest, where: address })
    response.body?.cancel().catch(() => undefined)
    return null
  } catch (error) {
    signal?.throwIfAborted()
    if (!isOptional) throw error
    // A browser gives no response if a server's 404 does not allow the page to see it.
    if (hasAnswered) onUnread?.(`${address} was left out: ${messageOf(error)}`)
    return null
  }
}

/**
 * The bytes at a path or URL; null if there is no such file.
 * @throws MobileNetV2Error `SOURCE` if a file that must be had cannot be read or is longer than `longest`; the signal's reason if it was aborted
 */
async function readIfThere(location: string, options: BesideOptions): Promise<Uint8Array | null> {
  if (isAddress(location)) return fetchIfThere(location, options)
  const { longest = longestModel, isOptional, signal } = options
  const size = await localSize(location)
  return size === null || (isOptional && size > longest) ? null : readLocal(location, signal, { longest })
}

/** The location of the file `name` in the folder of `location`; null if that is no place in a folder. */
export function siblingOf(location: string, name: string): string | null {
  if (/^(data|blob):/.test(location)) return null
  if (!/^[a-z][a-z+.-]+:/i.test(location)) return location.replace(/[^/\\]*$/, () => name)
  return new URL(name.split('/').map(encodeURIComponent).join('/'), location).href
}

/**
 * A file beside `location`; null if there is none of this name.
 * @throws MobileNetV2Error `SOURCE` if a file that must be had cannot be read or is longer than `longest`; the signal's reason if it was aborted
 */
export async function readBeside(location: string, name: string, options: BesideOptions): Promise<Uint8Array | null> {
  const sibling = siblingOf(location, name)
  return sibling === null ? null : readIfThere(sibling, options)
}
