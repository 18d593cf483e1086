import { MobileNetV2Error } from '@mobilenetv2/spec'
import { modelsFolder, openStore, pathOf } from '#files'
import type { CacheOptions } from './cached-file.js'
import { zooEntries, zooEntry } from './entries.js'
import { isFileEntry, type ZooEntry, type ZooId } from './entry.js'
import { type CheckedFile, fetchModelFile, hasModelFile, type SourceOptions } from './model-file.js'

/** A model in the cache. */
export interface CachedModel {
  readonly entry: ZooEntry
  readonly file: string
  readonly bytes: number
  /** As it was when the file was downloaded: hexadecimal, 64 digits. */
  readonly sha256: string
  /** The address that it came from. */
  readonly url: string
}

/**
 * Has a model's file at hand for later: downloaded into the cache where neither the folder of model files nor the cache has it. Its
 * SHA-256 is checked.
 * @throws MobileNetV2Error `SOURCE` where it cannot be had, or comes inside of an npm package; the signal's reason where it was aborted
 */
export async function prefetch(id: ZooId, options: SourceOptions = {}): Promise<CheckedFile> {
  const entry = zooEntry(id)
  if (isFileEntry(entry)) return fetchModelFile(entry, options)
  throw new MobileNetV2Error('SOURCE', 'This model comes inside of an npm package, and is never downloaded.', {
    where: id,
    remedy: 'install the package, and load the model without a prefetch',
  })
}

/** The path of a model's file, if the folder of model files or the cache has it; null if it would have to be downloaded. */
export async function locate(
  id: ZooId,
  { folder = modelsFolder(), cache }: Pick<SourceOptions, 'folder' | 'cache'> = {},
): Promise<string | null> {
  const entry = zooEntry(id)
  if (!isFileEntry(entry)) return null
  if (folder !== undefined && (await hasModelFile(entry.location, folder))) return pathOf(folder, entry.location.name)
  const store = await openStore(cache)
  return (await store.sizeOf(entry.location.name)) === null ? null : store.pathOf(entry.location.name)
}

/** Where the cache is: in Node its folder, which is made when the first file comes; in a browser the name of its cache, or memory. */
export async function cachePlace({ cache }: CacheOptions = {}): Promise<string> {
  return (await openStore(cache)).where
}

/** The models in the cache, in the zoo's order; their hashes are checked when they are opened. */
export async function list({ cache }: CacheOptions = {}): Promise<CachedModel[]> {
  const store = await openStore(cache)
  const records = await store.list()
  return zooEntries.filter(isFileEntry).flatMap((entry) => {
    const record = records.find(({ name }) => name === entry.location.name)
    if (record === undefined) return []
    const { name, bytes, sha256, url } = record
    return { entry, file: store.pathOf(name), bytes, sha256, url }
  })
}

/** Takes a model out of the cache, and forgets its hash where that was only taken at the download. Whether it was there. */
export async function remove(id: ZooId, { cache }: CacheOptions = {}): Promise<boolean> {
  const entry = zooEntry(id)
  return isFileEntry(entry) && (await openStore(cache)).remove(entry.location.name)
}
