import { checkOptionNames, MobileNetV2Error, type UnsharedBytes } from '@mobilenetv2/spec'
import { checkCached, type DownloadOptions, downloadOptionNames, ensureCached } from './cached-file.js'
import { type Patience, usualPatience } from './download/patience.js'
import type { FileLocation } from './entry.js'
import { cannotBeHad } from './refusals.js'
import { sha256Of } from './store/sha256.js'

/**
 * What a file of an address is called in the cache: two addresses may end in the same name.
 * @throws MobileNetV2Error `SOURCE` if it is no address
 */
async function nameOf(url: string): Promise<string> {
  if (!URL.canParse(url))
    throw new MobileNetV2Error('SOURCE', 'This is not an address.', { where: url, expected: 'a URL with a host' })
  const hash = await sha256Of(new TextEncoder().encode(url))
  const [last = ''] = /[\w.-]*$/.exec(url.replace(/[?#].*$/s, '')) ?? []
  return `url-${hash.slice(0, 16)}-${last.slice(-64)}`
}

/** Reads an address through the cache. A file of more than `longest` bytes is neither downloaded nor read. */
async function readThroughCache(
  url: string,
  longest: number,
  options: DownloadOptions,
  patience: Patience,
): Promise<UnsharedBytes> {
  checkOptionNames(options, downloadOptionNames)
  const location: FileLocation = { kind: 'file', name: await nameOf(url), urls: [url], bytes: null, sha256: null }
  const cached = await ensureCached(location, longest, options, undefined, patience)
  const content = await cached.store.read(location.name)
  await checkCached(location, cached, await sha256Of(content))
  return content
}

/**
 * The bytes of the file at an address, from the cache if it is there, else downloaded into it. A file that changes at its address is not
 * noticed: the cache keeps the one that was downloaded first.
 * @param longest a file of more bytes is refused; if it is downloaded and the server does not state its length, also one of more than 256 MiB
 * @throws MobileNetV2Error `SOURCE` if it cannot be had or is too long; `OPTION` for an option that does not exist; the signal's reason if
 * it was aborted
 */
export async function readCachedUrl(url: string, longest: number, options: DownloadOptions = {}): Promise<UnsharedBytes> {
  return readThroughCache(url, longest, options, usualPatience)
}

/**
 * `readCachedUrl` for a file that need not be there. The server is asked once. Null if the file cannot be had, for whatever reason: the
 * server has none, there is no network, or the file is too long.
 * @param longest as in `readCachedUrl`
 * @throws MobileNetV2Error `SOURCE` if the file of the cache was changed; the signal's reason if it was aborted
 */
export async function readCachedUrlIfThere(
  url: string,
  longest: number,
  options: DownloadOptions = {},
): Promise<UnsharedBytes | null> {
  try {
    return await readThroughCache(url, longest, options, { ...usualPatience, attempts: 1 })
  } catch (error) {
    if (error instanceof MobileNetV2Error && error.code === 'SOURCE' && cannotBeHad(error)) return null
    throw error
  }
}
