import type { UnsharedBytes } from '@mobilenetv2/spec'
import { modelsFolder, pathOf, readModelFile, sizeOf } from '#files'
import { type CachedFile, checkCached, type DownloadOptions, downloadOptionNames, ensureCached } from './cached-file.js'
import { type Patience, usualPatience } from './download/patience.js'
import { zooCosts } from './entries.js'
import type { FileEntry, FileLocation } from './entry.js'
import { otherFile } from './refusals.js'
import { sha256Of } from './store/sha256.js'

/** Where model files are looked for, and how they are downloaded. */
export interface OpenZooModelOptions extends DownloadOptions {
  /** The folder of model files, in Node. Unless given, the one that the environment variable `MOBILENETV2_MODELS` names. */
  readonly folder?: string | undefined
}

/** Every name in `OpenZooModelOptions`. */
export const openZooModelOptionNames: readonly (keyof OpenZooModelOptions)[] = [...downloadOptionNames, 'folder']

/** A file whose length and SHA-256 were checked. */
export interface CheckedFile {
  /** Its path; in a browser, the name of the cache and of the file. */
  readonly file: string
  /** Its length. */
  readonly bytes: number
  /** Its SHA-256: 64 hexadecimal digits. */
  readonly sha256: string
  /** Where the file came from, and whether it is kept, in a sentence or two. */
  readonly origin: string
}

/** A checked file and its bytes. */
export interface OpenedFile extends CheckedFile {
  readonly content: UnsharedBytes
}

/** The most bytes of a model's file. The names and padding that formats add are far less than half of the weights' length. */
function mostBytesOf(entry: FileEntry): number {
  return Math.ceil(1.5 * zooCosts(entry).weightBytes)
}

/** Whether the folder has a file of this name. */
export async function hasModelFile({ name }: FileLocation, folder: string): Promise<boolean> {
  return (await sizeOf(pathOf(folder, name))) !== null
}

/** The file of the entry in the folder; null if the folder does not have it. */
async function openFromFolder(entry: FileEntry, folder: string): Promise<OpenedFile | null> {
  const { name, bytes, sha256 } = entry.location
  const file = pathOf(folder, name)
  const size = await sizeOf(file)
  if (size === null) return null
  const remedy = "replace it by the published file, or give its path in place of the model's id to use this file"
  if (bytes !== null && size !== bytes) throw otherFile(file, `${bytes} bytes`, `${size} bytes`, remedy)
  const most = mostBytesOf(entry)
  if (size > most) throw otherFile(file, `at most ${most} bytes`, `${size} bytes`, remedy)
  const content = await readModelFile(file)
  const found = await sha256Of(content)
  if (!found.startsWith(sha256 ?? '')) throw otherFile(file, `SHA-256 ${sha256}`, `SHA-256 ${found}`, remedy)
  return { file, bytes: size, sha256: found, origin: `${file}, in the folder of model files.`, content }
}

function originOf({ store, record }: CachedFile): string {
  const source = record === null ? `Put into ${store.where} by hand.` : `Downloaded from ${record.url} into ${store.where}.`
  return store.notice === null ? source : `${source} ${store.notice}`
}

/**
 * The file of an entry with its bytes: from the folder, else from the cache, else downloaded into the cache. Its length and SHA-256 are
 * checked.
 * @throws MobileNetV2Error `SOURCE` if the file is not there and cannot be downloaded, or is not the published one
 * @throws the signal's reason if the signal is aborted
 */
export async function openModelFile(
  entry: FileEntry,
  options: OpenZooModelOptions,
  patience: Patience = usualPatience,
): Promise<OpenedFile> {
  const folder = options.folder ?? modelsFolder()
  const found = folder === undefined ? null : await openFromFolder(entry, folder)
  if (found !== null) return found
  const cached = await ensureCached(entry.location, mostBytesOf(entry), options, folder, patience)
  const { name } = entry.location
  const content = await cached.store.read(name)
  const sha256 = await sha256Of(content)
  await checkCached(entry.location, cached, sha256)
  return { file: cached.store.pathOf(name), bytes: content.length, sha256, origin: originOf(cached), content }
}

/** Does what `openModelFile` does, but does not give the bytes. In Node a file in the cache is never in memory as a whole. */
export async function fetchModelFile(
  entry: FileEntry,
  options: OpenZooModelOptions,
  patience: Patience = usualPatience,
): Promise<CheckedFile> {
  const folder = options.folder ?? modelsFolder()
  const found = folder === undefined ? null : await openFromFolder(entry, folder)
  if (found !== null) return { file: found.file, bytes: found.bytes, sha256: found.sha256, origin: found.origin }
  const cached = await ensureCached(entry.location, mostBytesOf(entry), options, folder, patience)
  const { name } = entry.location
  const sha256 = await cached.store.sha256(name)
  await checkCached(entry.location, cached, sha256)
  return { file: cached.store.pathOf(name), bytes: (await cached.store.sizeOf(name)) ?? 0, sha256, origin: originOf(cached) }
}
