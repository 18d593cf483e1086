import {
  brandOf,
  checkOptionNames,
  copyBytes,
  type Global,
  isBytes,
  MobileNetV2Error,
  signalOption,
  typeOption,
} from '@mobilenetv2/spec'
import {
  type ByteSource,
  type Checkpoint,
  type Facts,
  isBlob,
  isByteSource,
  type KnownFile,
  longestModel,
  type Network,
  type Overrides,
  parseCheckpoint,
  type ReadSibling,
  readSource,
  type ToNetworkOptions,
  toNetwork,
} from '@mobilenetv2/weights'
import type { DownloadOptions, ZooId } from '@mobilenetv2/zoo'
import { isAbsentFile, localAddress } from '#files'
import { fetchResponse, isAddress } from './read-bytes.js'

/** The files of one model, as a page gets them: from `<input type="file">`, or from files that were dropped on it. */
export type FileSources = Global<'FileList'> | readonly Global<'File'>[]

/**
 * Where a model comes from: an id of the zoo; the path or URL of a checkpoint file, or the path of a folder; the file itself: its bytes, a
 * `Blob` or `File`, a `Response`, a stream; or several files, of which one is the checkpoint.
 */
export type ModelSource = ZooId | (string & {}) | ByteSource | Global<'URL'> | FileSources

/** Options of `readNetwork`: how files are downloaded, and what the files do not say. */
export interface ReadNetworkOptions extends DownloadOptions, Overrides {}

export const readNetworkOptionNames: readonly (keyof ReadNetworkOptions)[] = [
  'labels',
  'preprocessing',
  'output',
  'architecture',
  'weights',
  'fetch',
  'cache',
  'onProgress',
  'signal',
]

/** The ImageNet model of 4 MB that is taken if none is named. */
export const defaultModel: ZooId = 'imagenet-1.0-224'

/** The bytes of a checkpoint, and what is known about it. */
export interface OpenedSource {
  readonly bytes: Uint8Array
  readonly known: KnownFile
  /** What the zoo states about it. */
  readonly stated?: readonly Facts[] | undefined
  /** Files beside it that a server could not give, and why. It grows while the network is read. */
  readonly unread?: readonly string[] | undefined
}

/** Refuses the options of downloads if the source is not downloaded. */
async function refuseDownloadOptions({ fetch, cache }: ReadNetworkOptions, source: string): Promise<void> {
  const option = fetch !== undefined ? 'fetch' : cache !== undefined ? 'cache' : null
  if (option !== null) throw (await import('./refusals.js')).noDownload(option, source)
}

function isFolderAddress(address: string): boolean {
  return /^https?:\/\/([^/?#]*|[^?#]*\/)([?#]|$)/i.test(address)
}

/** Opens the file at an address. If the options name a cache, the file is kept there. */
async function openAddress(address: string, options: ReadNetworkOptions): Promise<OpenedSource> {
  const { fetch, cache, onProgress, signal } = options
  if (isFolderAddress(address)) throw (await import('./refusals.js')).folderAddress(address)
  if (cache !== undefined) return (await import('./zoo-source.js')).openCached(address, options)
  const unread: string[] = []
  const onUnread = (reason: string): void => void unread.push(reason)
  const readSibling: ReadSibling = async (name, longest, isOptional) =>
    (await import('./siblings.js')).readBeside(address, name, { longest, isOptional, fetch, signal, onUnread })
  const response = await fetchResponse(address, { fetch, signal })
  const bytes = await readSource(response, { onProgress, signal }, { longest: longestModel, where: address })
  return { bytes, known: { file: address, readSibling }, unread }
}

/** Whether a source could be an id of the zoo: it has neither a folder nor the extension of a file. */
function couldBeId(source: string): boolean {
  return /^[\w.-]+$/.test(source) && !/\.[a-z]\w*$/i.test(source)
}

async function openLocation(location: string, options: ReadNetworkOptions): Promise<OpenedSource> {
  if (isAddress(location)) return openAddress(location, options)
  const named = couldBeId(location) ? await (await import('./zoo-source.js')).openFromZoo(location, options) : null
  if (named !== null) return named
  const { signal } = options
  const address = localAddress(location)
  if (address === null) await refuseDownloadOptions(options, `the path ${location}`)
  try {
    return await (address === null
      ? (await import('./local-source.js')).openLocal(location, options)
      : openAddress(address, options))
  } catch (error) {
    signal?.throwIfAborted()
    const isAbsent = error instanceof MobileNetV2Error && error.code === 'SOURCE' && isAbsentFile(error.details.cause)
    throw couldBeId(location) && isAbsent ? (await import('./zoo-source.js')).unknownName(location, error) : error
  }
}

/** A source that the caller can no longer change: the bytes of a `Uint8Array` are a copy. */
export type TakenSource = Exclude<ModelSource, FileSources> | readonly Global<'File'>[]

function areFiles(source: unknown): source is FileSources {
  if (brandOf(source) === 'FileList') return (source as FileList).length > 0
  return Array.isArray(source) && source.length > 0 && source.every((each) => isBlob(each) && 'name' in each)
}

/** Takes a source as it is now. Bytes are copied, and so is a list of files, because a `FileList` changes when the user chooses again. */
export function takeSource(source: ModelSource): TakenSource {
  if (isBytes(source)) return copyBytes(source)
  return areFiles(source) ? Array.from(source) : (source as TakenSource)
}

async function openContent(
  source: Exclude<TakenSource, string | Global<'URL'>>,
  options: ReadNetworkOptions,
): Promise<OpenedSource> {
  const { onProgress, signal } = options
  await refuseDownloadOptions(options, 'the file itself')
  if (areFiles(source)) return (await import('./local-source.js')).openFiles(Array.from(source), options)
  if (source instanceof Uint8Array) return { bytes: source, known: {} }
  if (!isByteSource(source)) throw (await import('./refusals.js')).notASource(source)
  const file = 'url' in source ? source.url : 'name' in source ? String(source.name) : ''
  const known = file === '' ? {} : { file }
  return { bytes: await readSource(source, { onProgress, signal }, { longest: longestModel, where: known.file }), known }
}

/** The default labels: ImageNet's if there are 1000 classes, as in every published MobileNet; else none. */
async function usualLabels(answers: number): Promise<{ value: readonly string[]; reason: string } | null> {
  if (answers !== 1000) return null
  const { imagenetLabels } = await import('@mobilenetv2/zoo/labels')
  return { value: await imagenetLabels(), reason: "ImageNet's: there are 1000 classes and nothing names them" }
}

/** A checkpoint and the options of `toNetwork` for it. */
export interface OpenedCheckpoint {
  readonly checkpoint: Checkpoint
  readonly known: ToNetworkOptions
  /** Files beside it that a server could not give, and why. It grows while the network is read. */
  readonly unread: readonly string[]
}

/** The first half of `readNetwork`: the checkpoint that a source names. */
export async function openCheckpoint(source: TakenSource, options: ReadNetworkOptions): Promise<OpenedCheckpoint> {
  checkOptionNames(options, readNetworkOptionNames)
  const { labels, preprocessing, output, architecture, weights, signal } = options
  typeOption('fetch', options.fetch, 'function')
  typeOption('cache', options.cache, 'string')
  typeOption('onProgress', options.onProgress, 'function')
  signalOption(signal)
  signal?.throwIfAborted()
  const isLocation = typeof source === 'string' || brandOf(source) === 'URL'
  const opened = isLocation
    ? await openLocation(String(source), options)
    : await openContent(source as Exclude<TakenSource, string | URL>, options)
  signal?.throwIfAborted()
  const checkpoint = await parseCheckpoint(opened.bytes, opened.known)
  signal?.throwIfAborted()
  const { stated, unread = [] } = opened
  return { checkpoint, known: { labels, preprocessing, output, architecture, weights, stated, usualLabels }, unread }
}

/** `readNetwork` for a source that `takeSource` gave. */
export async function readTaken(source: TakenSource, options: ReadNetworkOptions): Promise<Network> {
  const { checkpoint, known, unread } = await openCheckpoint(source, options)
  const network = await toNetwork(checkpoint, known)
  return unread.length === 0 ? network : { ...network, reasons: [...network.reasons, ...unread] }
}

/**
 * Reads a model from any source into a network, which is plain data. `@mobilenetv2/weights` has the same function for the bytes of a file.
 * Bytes are copied at the call, so that later changes to them have no effect.
 *
 * If several sources state the same fact, the first in this order counts: the options; the zoo's entry; the file; the files beside it
 * (`config.json`, `labels.txt` and the like); the defaults of the framework and publisher that the file's format or tensor names indicate.
 * @param source where the model comes from. Unless given, `imagenet-1.0-224`: the ImageNet model of 4 MB, from the folder that
 * `MOBILENETV2_MODELS` names, else from the cache, else from its publisher
 * @throws MobileNetV2Error `SOURCE` if there is no such file, or it cannot be fetched; `CHECKPOINT` if it is not a MobileNetV2 checkpoint
 * that can be read; `OPTION` if an option is wrong or contradicts the file; the signal's reason
 * @example
 * ```ts
 * import { readNetwork } from 'mobilenetv2'
 *
 * const { architecture, classes, reasons } = await readNetwork('mobilenet_v2.pth', { labels: ['cat', 'dog'] })
 * console.log(architecture.input, classes.labels, reasons)
 * ```
 */
export async function readNetwork(source: ModelSource = defaultModel, options: ReadNetworkOptions = {}): Promise<Network> {
  return readTaken(takeSource(source), options)
}
