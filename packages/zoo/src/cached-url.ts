import { checkOptionNames, MobileNetV2Error, type UnsharedBytes } from '@mobilenetv2/spec'
import { checkCached, type DownloadOptions, downloadOptionNames, ensureCached } from './cached-file.js'
import { type Patience, usualPatience } from './download/patience.js'
import type { FileLocation } from './entry.js'
import { cannotBeHad } from './refusals.js'
import { sha256Of } from './store/sha256.js'

/**
 * The name in the cache of the file at an address. It contains a hash of the address, because two addresses may end in the same
 * name.
 * @throws MobileNetV2Error `SOURCE` if it is not an address
 */
async function nameOf(url: string): Promise<string> {
  if (!URL.canParse(url))
    throw new MobileNetV2Error('SOURCE', 'This is not the address of a file.', { where: url, expected: 'a URL with a host' })
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
 * Reads the file at an address through the cache: it is downloaded the first time only. A later change of the file at its address is not
 * noticed.
 * @param longest the most bytes of the file. If the server does not state the length, a download is limited to 256 MiB as well.
 * @throws MobileNetV2Error `SOURCE` if the file cannot be downloaded or is too long, or the file in the cache was changed; `OPTION` if an
 * option is unknown
 * @throws the signal's reason if the signal is aborted
 * @example
 * ```ts
 * import { readCachedUrl } from '@mobilenetv2/zoo'
 *
 * const bytes = await readCachedUrl('https://example.com/mobilenet_v2.onnx', 64 * 2 ** 20)
 * ```
 */
export async function readCachedUrl(url: string, longest: number, options: DownloadOptions = {}): Promise<UnsharedBytes> {
  return readThroughCache(url, longest, options, usualPatience)
}

/**
 * Reads a file as `readCachedUrl` does, if there is one. The server is asked once only. Null if the file cannot be downloaded for whatever
 * reason: the server has none, there is no network, or the file is too long.
 * @param longest the most bytes of the file, as in `readCachedUrl`
 * @throws MobileNetV2Error `SOURCE` if the file in the cache was changed, or the address is not valid; `OPTION` if an option is unknown
 * @throws the signal's reason if the signal is aborted
 * @example
 * ```ts
 * import { readCachedUrlIfThere } from '@mobilenetv2/zoo'
 *
 * const labels = await readCachedUrlIfThere('https://example.com/labels.txt', 2 ** 20)
 * if (labels !== null) console.log(new TextDecoder().decode(labels))
 * ```
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
