import { type Checkpoint, type CheckpointSource, type InferredOptions, inferOptions, readCheckpoint } from '@mobilenetv2/weights'
import type { DownloadOptions, ZooEntry, ZooId } from '@mobilenetv2/zoo'
import { fetchResponse, readBytes, siblingOf } from './read-bytes.js'

/**
 * Where a model comes from: an id of the zoo, the path or URL of a checkpoint file, or the file itself: its bytes, a `Blob` or
 * `File`, a `Response`, a stream.
 */
export type ModelSource = ZooId | (string & {}) | URL | CheckpointSource | ArrayBuffer | Blob

/** How a model is fetched: `onProgress` is told of bytes, `signal` ends it, `cache` and `fetch` are the zoo's. */
export type OpenOptions = DownloadOptions

/** A checkpoint, and what is known of it from itself and from where it came from. */
export interface OpenedModel {
  readonly checkpoint: Checkpoint
  readonly inferred: InferredOptions
  /** What its classes are called, where the source knows. */
  readonly labels: readonly string[] | null
}

/** What a publisher says of a model goes before what its file leaves open. */
function withEntry(inferred: InferredOptions, { id, options, preprocessing }: ZooEntry): InferredOptions {
  const { height = inferred.options.height, width = inferred.options.width } = options
  return {
    ...inferred,
    options: { ...inferred.options, ...(height !== undefined && { height }), ...(width !== undefined && { width }) },
    preprocessing: preprocessing ?? inferred.preprocessing,
    reasons: [...inferred.reasons, `input ${height} x ${width}${preprocessing ? ' and preprocessing' : ''}: the zoo's entry ${id}`],
  }
}

/** Null for a name that is none of the zoo's, which is imported for nothing else. */
async function openFromZoo(name: string, options: OpenOptions): Promise<OpenedModel | null> {
  const { isZooId, openZooModel } = await import('@mobilenetv2/zoo')
  if (!isZooId(name)) return null
  const { bytes, file, readSibling, labels, entry } = await openZooModel(name, options)
  const checkpoint = await readCheckpoint(bytes, { file, ...(readSibling && { readSibling }) })
  return { checkpoint, inferred: withEntry(inferOptions(checkpoint), entry), labels }
}

/** The checkpoint that a source names, and nothing else. */
async function openCheckpoint(source: Exclude<ModelSource, ZooId>, { onProgress, signal }: OpenOptions): Promise<Checkpoint> {
  const options = { ...(onProgress && { onProgress }), ...(signal && { signal }) }
  if (source instanceof ArrayBuffer) return readCheckpoint(new Uint8Array(source), options)
  if (source instanceof Blob) {
    const name = 'name' in source && typeof source.name === 'string' ? { file: source.name } : {}
    return readCheckpoint(source.stream(), { ...name, ...options })
  }
  if (typeof source !== 'string' && !(source instanceof URL)) return readCheckpoint(source, options)
  const location = String(source)
  const readSibling = (name: string): Promise<Uint8Array> => readBytes(siblingOf(location, name), signal)
  const content = /^https?:/.test(location) ? await fetchResponse(location, signal) : await readBytes(location, signal)
  return readCheckpoint(content, { file: location, readSibling, ...options })
}

/**
 * Reads the checkpoint that a source names, and works out what it is.
 * @throws MobileNetV2Error `SOURCE` where there is no such file, `CHECKPOINT` where it is none that can be read.
 */
export async function openModel(source: ModelSource, options: OpenOptions = {}): Promise<OpenedModel> {
  const fromZoo = typeof source === 'string' && /^[\w.-]+$/.test(source) ? await openFromZoo(source, options) : null
  if (fromZoo !== null) return fromZoo
  const checkpoint = await openCheckpoint(source, options)
  return { checkpoint, inferred: inferOptions(checkpoint), labels: null }
}
