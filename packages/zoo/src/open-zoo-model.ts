import { checkOptionNames } from '@mobilenetv2/spec'
import { zooEntry } from './entries.js'
import type { FileEntry, ZooEntry, ZooId } from './entry.js'
import { labelsOf } from './labels/labels.js'
import { type OpenZooModelOptions, openModelFile, openZooModelOptionNames } from './model-file.js'
import { openNsfwjs } from './nsfwjs-model.js'

/** A model's checkpoint as bytes, for `readNetwork(bytes, { file, readSibling })`, and what its classes are called. */
export interface OpenedZooModel {
  readonly id: ZooId
  /** What is known of the model beyond its file: input size and preprocessing that the file does not tell, accuracy, licence. */
  readonly entry: ZooEntry
  readonly bytes: Uint8Array
  /** What errors call the checkpoint: a path, or a module of a package. */
  readonly file: string
  /** Gives the other files of a checkpoint that has several; null if it has no such file. */
  readonly readSibling?: ((name: string) => Promise<Uint8Array | null>) | undefined
  /** By class index, without a background class. */
  readonly labels: readonly string[]
  /** A sentence or two: where the file came from, and whether it will be forgotten. */
  readonly origin: string
}

async function openFiles(entry: ZooEntry, options: OpenZooModelOptions): Promise<Omit<OpenedZooModel, 'id' | 'entry' | 'labels'>> {
  const { location } = entry
  if (location.kind === 'npm') return { ...(await openNsfwjs(location)), origin: "Inside of npm's nsfwjs." }
  const { content, file, origin } = await openModelFile({ ...entry, location } satisfies FileEntry, options)
  return { bytes: content, file, origin }
}

/**
 * Opens a model of the zoo: from the folder of model files, else from the cache, else downloaded into the cache. Length and SHA-256
 * are checked before a byte is given. A model inside of an npm package is opened where the package is installed, and never downloaded.
 * @throws MobileNetV2Error `SOURCE` if its file or package cannot be had, or the file is not the published one; `OPTION` for an
 * option that does not exist; the signal's reason if it was aborted.
 */
export async function openZooModel(id: ZooId, options: OpenZooModelOptions = {}): Promise<OpenedZooModel> {
  checkOptionNames(options, openZooModelOptionNames)
  const entry = zooEntry(id)
  const [files, labels] = await Promise.all([openFiles(entry, options), labelsOf(entry.labels)])
  return { id, entry, labels, ...files }
}
