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
   * In Node a folder (unless given, what `MOBILENETV2_CACHE` names, else the platform's folder of caches), in a browser the name of a
   * cache of the Cache API (`mobilenetv2` unless given).
   */
  readonly cache?: string | undefined
}

export const cacheOptionNames: readonly (keyof CacheOptions)[] = ['cache']

/** How files are downloaded. */
export interface DownloadOptions extends CacheOptions {
  /** In place of the platform's own; proxies that the environment names, and redirects, are then this function's matter. */
  readonly fetch?: Fetch | undefined
  /** Called as a download goes on, with bytes. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined
  /** Ends a download with the signal's reason; what has come is kept for a later one to resume. */
  readonly signal?: Global<'AbortSignal'> | undefined
}

export const downloadOptionNames: readonly (keyof DownloadOptions)[] = [...cacheOptionNames, 'fetch', 'onProgress', 'signal']

/** A file in the cache, not checked yet, and what is known of it. */
export interface CachedFile {
  readonly store: ModelStore
  /** Null for a file that was not downloaded but put there. */
  readonly record: FileRecord | null
}

const loadAgain = 'load the model again: it is then downloaded anew'

/** Refuses a file of the cache that has changed, and deletes it; what is known of it stays, so that the next one is held to it. */
async function refuse(store: ModelStore, name: string, expected: string, got: string): Promise<never> {
  await store.remove(name, true)
  throw otherFile(store.pathOf(name), expected, `${got}; the file was deleted`, loadAgain)
}

/**
 * What is known of a file that is in the cache. What cannot be understood is as good as nothing if the publisher says what the file is;
 * else nobody knows any more.
 * @throws MobileNetV2Error `SOURCE` in that case; the file and what is known of it are deleted then
 */
async function recordOf(store: ModelStore, { name, sha256 }: FileLocation): Promise<FileRecord | null> {
  const record = await store.record(name)
  if (record !== 'broken') return record
  if (sha256 !== null) return null
  await store.remove(name)
  throw otherFile(store.pathOf(name), 'a hash from its download', 'a broken record of it; the file was deleted', loadAgain)
}

/**
 * Checks the SHA-256 of a cached file against what its publisher says; against what was found when it was downloaded, if the publisher
 * says nothing.
 * @throws MobileNetV2Error `SOURCE` where it is another one; the file is deleted then
 */
export async function checkCached({ name, sha256 }: FileLocation, { store, record }: CachedFile, found: string): Promise<void> {
  const expected = sha256 ?? record?.sha256 ?? ''
  if (!found.startsWith(expected)) await refuse(store, name, `SHA-256 ${expected}`, `SHA-256 ${found}`)
}

/** The hash that a file had when it was downloaded before, if that is known. */
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
 * A file in the cache, downloaded if it is not there yet. Its length is checked; its hash is the caller's to check.
 * @param mostBytes the most bytes of a file whose length its publisher does not state
 * @param folder where it was looked for before, for the error
 * @throws MobileNetV2Error `SOURCE` where it cannot be had; the signal's reason where it was aborted
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
