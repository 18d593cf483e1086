import type { Global } from '@mobilenetv2/spec'
import { openStore, usualFetch } from '#files'
import { download, type FailedAddress } from './download/download.js'
import type { Fetch } from './download/fetch.js'
import type { Patience } from './download/patience.js'
import type { DownloadProgress } from './download/transfer.js'
import type { FileLocation } from './entry.js'
import { otherFile, tooLong, unavailable } from './refusals.js'
import type { FileRecord, ModelStore } from './store/store.js'

/** Where downloaded files are kept. */
export interface CacheOptions {
  /**
   * In Node a folder: unless given, the one that the environment variable `MOBILENETV2_CACHE` names, else `mobilenetv2` in the platform's
   * folder of caches. In a browser the name of a cache of the Cache API: `mobilenetv2` unless given.
   */
  readonly cache?: string | undefined
}

/** Every name in `CacheOptions`. */
export const cacheOptionNames: readonly (keyof CacheOptions)[] = ['cache']

/** How files are downloaded. */
export interface DownloadOptions extends CacheOptions {
  /** Downloads in place of `usualFetch`. Proxies and redirects are then left to this function. */
  readonly fetch?: Fetch | undefined
  /** Called when bytes have arrived. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined
  /** When it is aborted, a download rejects with its reason. The bytes that have arrived are kept, so that a later download can resume. */
  readonly signal?: Global<'AbortSignal'> | undefined
}

/** Every name in `DownloadOptions`. */
export const downloadOptionNames: readonly (keyof DownloadOptions)[] = [...cacheOptionNames, 'fetch', 'onProgress', 'signal']

/** A file in the cache that is not checked yet. */
export interface CachedFile {
  readonly store: ModelStore
  /** What is recorded about the file; null if it was not downloaded, but put there by hand. */
  readonly record: FileRecord | null
}

const loadAgain = 'load the model again: it is then downloaded again'

/** Deletes a file of the cache that has changed, and throws. The record of the file stays, so that the next file must have its hash. */
async function refuse(store: ModelStore, name: string, expected: string, got: string): Promise<never> {
  await store.remove(name, true)
  throw otherFile(store.pathOf(name), expected, `${got}; the file was deleted`, loadAgain)
}

/**
 * The record of a file in the cache. If it is broken, the publisher's hash is enough. If there is none either, the file cannot be checked.
 * @throws MobileNetV2Error `SOURCE` if the file cannot be checked; the file and its record are deleted
 */
async function recordOf(store: ModelStore, { name, sha256 }: FileLocation): Promise<FileRecord | null> {
  const record = await store.record(name)
  if (record !== 'broken') return record
  if (sha256 !== null) return null
  await store.remove(name)
  throw otherFile(store.pathOf(name), 'a hash from its download', 'a broken record of it; the file was deleted', loadAgain)
}

/**
 * Compares the SHA-256 of a cached file with the publisher's. If the publisher states none, it is compared with that of the first download.
 * @param found the SHA-256 of the file
 * @throws MobileNetV2Error `SOURCE` if they differ; the file is deleted
 */
export async function checkCached({ name, sha256 }: FileLocation, { store, record }: CachedFile, found: string): Promise<void> {
  const expected = sha256 ?? record?.sha256 ?? ''
  if (!found.startsWith(expected)) await refuse(store, name, `SHA-256 ${expected}`, `SHA-256 ${found}`)
}

/** The hash that the file had when it was downloaded before; null if it is not known. */
async function recordedHash(store: ModelStore, name: string): Promise<string | null> {
  const record = await store.record(name)
  return record === 'broken' ? null : (record?.sha256 ?? null)
}

async function downloadInto(
  location: FileLocation,
  mostBytes: number,
  store: ModelStore,
  options: DownloadOptions,
  patience: Patience,
): Promise<FileRecord | readonly FailedAddress[]> {
  const { name, urls, bytes } = location
  const sha256 = location.sha256 ?? (await recordedHash(store, name))
  const partial = await store.openPartial(name)
  try {
    const outcome = await download(partial, {
      ...options,
      fetch: options.fetch ?? (await usualFetch()),
      urls,
      bytes,
      mostBytes,
      sha256,
      patience,
    })
    if (outcome.kind === 'done') {
      const record: FileRecord = { name, bytes: partial.length, sha256: outcome.sha256, url: outcome.url }
      await partial.commit(record)
      return record
    }
    await partial.release()
    return outcome.addresses
  } catch (error) {
    await partial.release()
    throw error
  }
}

/**
 * A file in the cache, which is downloaded if it is not there yet. Its length is checked. The caller must check its hash.
 * @param mostBytes the most bytes of a file whose length the publisher does not state
 * @param folder the folder in which the file was looked for before, for the error
 * @throws MobileNetV2Error `SOURCE` if the file cannot be downloaded, or has a wrong length
 * @throws the signal's reason if the signal is aborted
 */
export async function ensureCached(
  location: FileLocation,
  mostBytes: number,
  options: DownloadOptions,
  folder: string | undefined,
  patience: Patience,
): Promise<CachedFile> {
  const store = await openStore(options.cache)
  const size = await store.sizeOf(location.name)
  if (size !== null) {
    const record = await recordOf(store, location)
    const bytes = location.bytes ?? (location.sha256 === null ? record?.bytes : undefined) ?? size
    if (size !== bytes) await refuse(store, location.name, `${bytes} bytes`, `${size} bytes`)
    if (location.bytes === null && size > mostBytes) throw tooLong(store.pathOf(location.name), mostBytes, size)
    return { store, record }
  }
  const downloaded = await downloadInto(location, mostBytes, store, options, patience)
  if ('sha256' in downloaded) return { store, record: downloaded }
  throw unavailable(location, folder, store.where, downloaded)
}
