import { MobileNetV2Error } from '@mobilenetv2/spec'
import { readLocal } from '#files'

async function readRemote(url: string, signal?: AbortSignal): Promise<Uint8Array> {
  const response = await fetch(url, signal === undefined ? {} : { signal })
  if (!response.ok) throw new Error(`HTTP status ${response.status} ${response.statusText}`.trim())
  return new Uint8Array(await response.arrayBuffer())
}

/**
 * The bytes at a path or URL.
 * @throws MobileNetV2Error `SOURCE` with the reason where they cannot be had; the signal's reason where it was aborted.
 */
export async function readBytes(location: string, signal?: AbortSignal): Promise<Uint8Array> {
  try {
    return await (/^(https?|data|blob):/.test(location) ? readRemote(location, signal) : readLocal(location, signal))
  } catch (cause) {
    signal?.throwIfAborted()
    throw new MobileNetV2Error('SOURCE', 'A file cannot be read.', {
      where: location,
      got: cause instanceof Error ? cause.message : String(cause),
      remedy: 'Give the path or URL of a file that exists and may be read.',
      cause,
    })
  }
}

/** The location of `name` beside `location`, for files that come in parts. */
export function siblingOf(location: string, name: string): string {
  if (/^[a-z][a-z+.-]+:/i.test(location)) return new URL(name, location).href
  return location.replace(/[^/\\]*$/, name)
}
