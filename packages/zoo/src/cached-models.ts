import { checkOptionNames, MobileNetV2Error } from '@mobilenetv2/spec'
import { modelsFolder, openStore, pathOf } from '#files'
import { type CacheOptions, cacheOptionNames } from './cached-file.js'
import { zooEntries, zooEntry } from './entries.js'
import { type FileEntry, isFileEntry, type ZooEntry, type ZooId } from './entry.js'
import { type CheckedFile, fetchModelFile, hasModelFile, type OpenZooModelOptions, openZooModelOptionNames } from './model-file.js'
import type { ModelStore } from './store/store.js'

/** A model in the cache. */
export interface CachedModel {
  /** The model. */
  readonly entry: ZooEntry
  /** The path of its file. In a browser, the name of the cache and of the file. */
  readonly file: string
  /** Length of its file. */
  readonly bytes: number
  /** The SHA-256 of the file when it was downloaded: 64 hexadecimal digits. */
  readonly sha256: string
  /** The address that it was downloaded from. */
  readonly url: string
}

/**
 * Downloads the file of a model into the cache, unless the folder of model files or the cache has it. The model can then be opened without
 * a network. The file's SHA-256 is checked.
 * @throws MobileNetV2Error `SOURCE` if the zoo has no such model, if its file cannot be downloaded, or if it is part of an npm package;
 * `OPTION` if an option is unknown
 * @throws the signal's reason if the signal is aborted
 * @example
 * ```ts
 * import { prefetchModel } from '@mobilenetv2/zoo'
 *
 * const { file, bytes } = await prefetchModel('torchvision-v2')
 * console.log(`${file}: ${bytes} bytes`)
 * ```
 */
export async function prefetchModel(id: ZooId, options: OpenZooModelOptions = {}): Promise<CheckedFile> {
  checkOptionNames(options, openZooModelOptionNames)
  const entry = zooEntry(id)
  if (isFileEntry(entry)) return fetchModelFile(entry, options)
  throw new MobileNetV2Error('SOURCE', 'This model is part of an npm package, and is never downloaded.', {
    where: id,
    remedy: 'install the package, and load the model without prefetchModel',
  })
}

/**
 * The path of a model's file, if the folder of model files or the cache has it; null if it would be downloaded. The file is not checked.
 * @throws MobileNetV2Error `OPTION` if an option is unknown; `SOURCE` if the zoo has no such model, or the folder or the cache cannot be
 * read
 * @example
 * ```ts
 * import { locateModelFile } from '@mobilenetv2/zoo'
 *
 * if ((await locateModelFile('imagenet-1.0-224')) === null) console.log('The first call of load() downloads 4 MB.')
 * ```
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
 * Where the cache is: in Node a folder, which is created with the first file; in a browser the name of a cache, or `memory`.
 * @throws MobileNetV2Error `OPTION` if an option is unknown
 * @example
 * ```ts
 * import { cacheLocation } from '@mobilenetv2/zoo'
 *
 * await cacheLocation({ cache: '/var/cache/models' }) // => '/var/cache/models'
 * ```
 */
export async function cacheLocation(options: CacheOptions = {}): Promise<string> {
  return (await storeOf(options)).where
}

/** The model of an entry in the cache; null if its file is not there, or nothing is recorded about it. */
async function cachedModel(store: ModelStore, entry: FileEntry): Promise<CachedModel | null> {
  const { name } = entry.location
  const bytes = await store.sizeOf(name)
  const record = bytes === null ? null : await store.record(name)
  if (bytes === null || record === null || record === 'broken') return null
  const { sha256, url } = record
  return { entry, file: store.pathOf(name), bytes, sha256, url }
}

/**
 * The models in the cache, in the order of the zoo. Their hashes are not checked before they are opened.
 * @throws MobileNetV2Error `OPTION` if an option is unknown; `SOURCE` if the cache cannot be read
 * @example
 * ```ts
 * import { listCachedModels } from '@mobilenetv2/zoo'
 *
 * for (const { entry, file, bytes } of await listCachedModels()) console.log(`${entry.id}: ${file}, ${bytes} bytes`)
 * ```
 */
export async function listCachedModels(options: CacheOptions = {}): Promise<CachedModel[]> {
  const store = await storeOf(options)
  const looks = await Promise.allSettled(zooEntries.filter(isFileEntry).map((entry) => cachedModel(store, entry)))
  const found = looks.flatMap((look) => (look.status === 'fulfilled' ? [look.value] : []))
  // If one file cannot be read, the others are listed nevertheless. If none can, something is wrong with the cache.
  const [first] = looks
  if (found.length === 0 && first?.status === 'rejected') throw first.reason
  return found.filter((model) => model !== null)
}

/**
 * Removes a model from the cache, together with the hash that was recorded when it was downloaded.
 * @returns whether the model was in the cache
 * @throws MobileNetV2Error `OPTION` if an option is unknown; `SOURCE` if the zoo has no such model, or the cache cannot be written
 * @example
 * ```ts
 * import { removeCachedModel } from '@mobilenetv2/zoo'
 *
 * const wasThere = await removeCachedModel('keras-1.0-224')
 * ```
 */
export async function removeCachedModel(id: ZooId, options: CacheOptions = {}): Promise<boolean> {
  const entry = zooEntry(id)
  const store = await storeOf(options)
  return isFileEntry(entry) && store.remove(entry.location.name)
}
