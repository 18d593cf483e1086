// Files beside a checkpoint. This file is imported lazily, because most checkpoints are a single file.
import { messageOf } from '@mobilenetv2/spec'
import { longestModel, readSource } from '@mobilenetv2/weights'
import { localSize, readLocal } from '#files'
import { type FetchOptions, fetchResponse, isAddress } from './read-bytes.js'

/** The statuses of servers that have no such file. Some file stores answer 403 both for a missing file and for a private one. */
const absentStatuses = new Set([403, 404, 410])

/** How a file beside a checkpoint is read. */
interface BesideOptions extends FetchOptions {
  /** The most bytes. A longer file is an error; if the file is optional, it counts as missing. */
  readonly longest?: number | undefined
  /** Whether the model can be read without the file. Then a file that a server does not give counts as missing. */
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
    // If there was no response, the file may just be missing: a browser hides a 404 that has no CORS header. Then nothing is reported.
    if (hasAnswered) onUnread?.(`${address} was left out: ${messageOf(error)}`)
    return null
  }
}

/**
 * The bytes at a path or URL; null if there is no such file.
 * @throws MobileNetV2Error `SOURCE` if a file that is not optional cannot be read or is longer than `longest`; the signal's reason
 */
async function readIfThere(location: string, options: BesideOptions): Promise<Uint8Array | null> {
  if (isAddress(location)) return fetchIfThere(location, options)
  const { longest = longestModel, isOptional, signal } = options
  const size = await localSize(location)
  return size === null || (isOptional && size > longest) ? null : readLocal(location, signal, { longest })
}

/** The location of the file `name` in the folder of `location`; null if `location` is not in a folder. */
export function siblingOf(location: string, name: string): string | null {
  if (/^(data|blob):/.test(location)) return null
  if (!/^[a-z][a-z+.-]+:/i.test(location)) return location.replace(/[^/\\]*$/, () => name)
  return new URL(name.split('/').map(encodeURIComponent).join('/'), location).href
}

/**
 * The bytes of the file `name` beside `location`; null if there is no such file.
 * @throws MobileNetV2Error `SOURCE` if a file that is not optional cannot be read or is longer than `longest`; the signal's reason
 */
export async function readBeside(location: string, name: string, options: BesideOptions): Promise<Uint8Array | null> {
  const sibling = siblingOf(location, name)
  return sibling === null ? null : readIfThere(sibling, options)
}
