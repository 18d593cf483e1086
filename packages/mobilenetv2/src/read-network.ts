import { checkOptionNames, type Global, MobileNetV2Error, signalOption, typeOption } from '@mobilenetv2/spec'
import {
  type Checkpoint,
  type CheckpointSource,
  type Facts,
  type Network,
  type Overrides,
  type ReadCheckpointOptions,
  type ReadSibling,
  readCheckpoint,
  type ToNetworkOptions,
  toNetwork,
} from '@mobilenetv2/weights'
import type { DownloadOptions, ZooId } from '@mobilenetv2/zoo'
import { localAddress } from '#files'
import { fetchResponse, isAddress } from './read-bytes.js'

/** The files of one model, as a page gets them: from a field of files or folders, or from what was dropped. */
export type FileSources = Global<'FileList'> | readonly Global<'File'>[]

/**
 * Where a model comes from: an id of the zoo; the path or URL of a checkpoint file, or the path of a folder; the file itself: its bytes, a
 * `Blob` or `File`, a `Response`, a stream; or several files, of which one is the checkpoint.
 */
export type ModelSource = ZooId | (string & {}) | CheckpointSource | ArrayBuffer | Global<'URL' | 'Blob'> | FileSources

/** What `readNetwork` takes beside its source. */
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

/** A checkpoint as bytes or as a stream of them, the options to read it with, and what the zoo states of it. */
export interface OpenedSource {
  readonly content: CheckpointSource
  readonly options: ReadCheckpointOptions
  readonly stated?: readonly Facts[] | undefined
}

/** Refuses the options of downloads if the source is not downloaded. */
async function refuseDownloadOptions({ fetch, cache }: ReadNetworkOptions, source: string): Promise<void> {
  const option = fetch !== undefined ? 'fetch' : cache !== undefined ? 'cache' : null
  if (option !== null) throw (await import('./refusals.js')).noDownload(option, source)
}

function isFolderAddress(address: string): boolean {
  return /^https?:/.test(address) && new URL(address).pathname.endsWith('/')
}

/** A file at an address; kept in the cache if one is named. */
async function openAddress(address: string, options: ReadNetworkOptions): Promise<OpenedSource> {
  const { fetch, cache, onProgress, signal } = options
  if (isFolderAddress(address)) throw (await import('./refusals.js')).folderAddress(address)
  if (cache !== undefined) return (await import('./zoo-source.js')).openCached(address, options)
  const readSibling: ReadSibling = async (name, longest, isOptional) =>
    (await import('./siblings.js')).readBeside(address, name, { longest, isOptional, fetch, signal })
  return { content: await fetchResponse(address, { fetch, signal }), options: { file: address, readSibling, onProgress, signal } }
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
    const isOther = error instanceof MobileNetV2Error && error.code === 'CHECKPOINT'
    throw couldBeId(location) && !isOther ? (await import('./zoo-source.js')).unknownName(location, error) : error
  }
}

function areFiles(source: unknown): source is FileSources {
  if (typeof FileList !== 'undefined' && source instanceof FileList) return source.length > 0
  return Array.isArray(source) && source.length > 0 && source.every((each) => each instanceof Blob && 'name' in each)
}

async function openContent(
  source: Exclude<ModelSource, string | Global<'URL'>>,
  options: ReadNetworkOptions,
): Promise<OpenedSource> {
  const { onProgress, signal } = options
  await refuseDownloadOptions(options, 'the file itself')
  if (areFiles(source)) return (await import('./local-source.js')).openFiles(source, options)
  if (source instanceof ArrayBuffer) return { content: new Uint8Array(source), options: { signal } }
  if (source instanceof Blob) {
    const file = 'name' in source && typeof source.name === 'string' ? source.name : undefined
    return { content: source.stream(), options: { file, onProgress, signal } }
  }
  if (source instanceof Uint8Array || source instanceof Response || source instanceof ReadableStream) {
    return { content: source, options: { onProgress, signal } }
  }
  throw (await import('./refusals.js')).notASource(source)
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
}

/** The first half of `readNetwork`: the checkpoint that a source names. */
export async function openCheckpoint(source: ModelSource, options: ReadNetworkOptions): Promise<OpenedCheckpoint> {
  checkOptionNames(options, readNetworkOptionNames)
  const { labels, preprocessing, output, architecture, weights, signal } = options
  typeOption('fetch', options.fetch, 'function')
  typeOption('cache', options.cache, 'string')
  typeOption('onProgress', options.onProgress, 'function')
  signalOption(signal)
  signal?.throwIfAborted()
  const isLocation = typeof source === 'string' || source instanceof URL
  const {
    content,
    options: reading,
    stated,
  } = isLocation ? await openLocation(String(source), options) : await openContent(source, options)
  const checkpoint = await readCheckpoint(content, reading)
  signal?.throwIfAborted()
  return { checkpoint, known: { labels, preprocessing, output, architecture, weights, stated, usualLabels } }
}

/**
 * Reads a model from any source into a network, which is plain data. `@mobilenetv2/weights` has the same function for the bytes of a file.
 * If several sources state the same fact, the first of this order is believed: the options; the zoo's entry; the file; the files beside it
 * (`config.json`, `labels.txt` and the like); the defaults of the framework and publisher that the file's format or tensor names point to.
 * @param source where the model comes from. Unless given, `imagenet-1.0-224`: the ImageNet model of 4 MB, from the folder that
 * `MOBILENETV2_MODELS` names, else from the cache, else from its publisher
 * @throws MobileNetV2Error `SOURCE` if there is no such file, `CHECKPOINT` if it is no MobileNetV2 checkpoint that can be read,
 * `OPTION` if an option does not fit; the signal's reason
 */
export async function readNetwork(source: ModelSource = defaultModel, options: ReadNetworkOptions = {}): Promise<Network> {
  const { checkpoint, known } = await openCheckpoint(source, options)
  return toNetwork(checkpoint, known)
}
