import { type Checkpoint, readCheckpoint } from '@mobilenetv2/weights'
import { isZooId, openZooModel, type ZooId } from '@mobilenetv2/zoo'
import { readBytes, siblingOf } from './read-bytes.js'

/** Where a model comes from: an id of the zoo, the path or URL of a checkpoint file, or the file's bytes. */
export type ModelSource = ZooId | (string & {}) | URL | Uint8Array

/** A checkpoint and what its source knows of it beyond the file. */
export interface OpenedModel {
  readonly checkpoint: Checkpoint
  readonly labels: readonly string[] | null
}

/**
 * Reads the checkpoint that a source names.
 * @throws MobileNetV2Error `SOURCE` where there is no such file, `CHECKPOINT` where it is none that can be read.
 */
export async function openModel(source: ModelSource, signal?: AbortSignal): Promise<OpenedModel> {
  if (source instanceof Uint8Array) return { checkpoint: await readCheckpoint(source, {}), labels: null }
  const location = String(source)
  if (isZooId(location)) {
    const { bytes, file, readSibling, labels } = await openZooModel(location)
    return { checkpoint: await readCheckpoint(bytes, { file, ...(readSibling && { readSibling }) }), labels }
  }
  const bytes = await readBytes(location, signal)
  const readSibling = (name: string): Promise<Uint8Array> => readBytes(siblingOf(location, name), signal)
  return { checkpoint: await readCheckpoint(bytes, { file: location, readSibling }), labels: null }
}
