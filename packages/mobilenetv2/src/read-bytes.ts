import { abortable, MobileNetV2Error, type UnsharedBytes } from '@mobilenetv2/spec'
import { readSource } from '@mobilenetv2/weights'
import { localAddress, readLocal, usualFetch } from '#files'

/** How bytes are fetched. */
export interface FetchOptions {
  /** Used in place of the platform's `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined
  readonly signal?: AbortSignal | undefined
}

/** Whether a location is an address, not a path. */
export function isAddress(location: string): boolean {
  return /^(https?|data|blob):/i.test(location)
}

/**
 * The response of a server, whatever its status. Its body is not read yet.
 * @throws MobileNetV2Error `SOURCE` if no response comes; the signal's reason
 */
export async function fetchResponse(url: string, { fetch, signal }: FetchOptions = {}): Promise<Response> {
  try {
    // The caller's own `fetch` may ignore the signal.
    return await abortable((fetch ?? (await usualFetch()))(url, signal === undefined ? {} : { signal }), signal)
  } catch (cause) {
    signal?.throwIfAborted()
    if (cause instanceof MobileNetV2Error) throw cause
    throw (await import('@mobilenetv2/weights/source-failure')).unreadable(url, cause)
  }
}

/**
 * The bytes at a path or URL.
 * @param longest the most bytes
 * @throws MobileNetV2Error `SOURCE` with the reason if they cannot be read, or are too many; the signal's reason
 */
export async function readBytes(location: string, longest: number, options: FetchOptions = {}): Promise<UnsharedBytes> {
  const { signal } = options
  const address = isAddress(location) ? location : localAddress(location)
  const limits = { longest, where: address ?? location }
  if (address === null) return readLocal(location, signal, limits)
  return readSource(await fetchResponse(address, options), { signal }, limits)
}
