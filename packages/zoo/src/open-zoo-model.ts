import { checkOptionNames } from '@mobilenetv2/spec'
import { zooEntry } from './entries.js'
import type { FileEntry, ZooEntry, ZooId } from './entry.js'
import { labelsOf } from './labels/labels.js'
import { type OpenZooModelOptions, openModelFile, openZooModelOptionNames } from './model-file.js'
import { openNsfwjs } from './nsfwjs-model.js'

/** The checkpoint of a model of the zoo, for `readNetwork` of `@mobilenetv2/weights`, and the names of its classes. */
export interface OpenedZooModel {
  /** The model's id. */
  readonly id: ZooId
  /** What the publisher says about the model: input size, preprocessing, accuracy, licence. */
  readonly entry: ZooEntry
  /** The checkpoint file. If a hash of it is known, it was checked against that. */
  readonly bytes: Uint8Array
  /** The name of the checkpoint in errors: a path, or a module of a package. */
  readonly file: string
  /** Reads another file of a checkpoint that has several; null if there is no file of this name. Missing if the checkpoint is one file. */
  readonly readSibling?: ((name: string) => Promise<Uint8Array | null>) | undefined
  /** The names of the classes by index, without a background class. */
  readonly labels: readonly string[]
  /** Where the file came from, and whether it is kept, in a sentence or two. */
  readonly origin: string
}

async function openFiles(entry: ZooEntry, options: OpenZooModelOptions): Promise<Omit<OpenedZooModel, 'id' | 'entry' | 'labels'>> {
  const { location } = entry
  if (location.kind === 'npm') return { ...(await openNsfwjs(location)), origin: 'From the npm package nsfwjs.' }
  const { content, file, origin } = await openModelFile({ ...entry, location } satisfies FileEntry, options)
  return { bytes: content, file, origin }
}

/**
 * Opens a model of the zoo. Its file comes from the folder of model files, else from the cache, else it is downloaded into the cache. Its
 * length and SHA-256 are checked before it is given out. A model that is part of an npm package is never downloaded: the package must be
 * installed.
 * @throws MobileNetV2Error `SOURCE` if the zoo has no such model, if its file or package is not there and cannot be downloaded, or if the
 * file is not the published one; `OPTION` if an option is unknown
 * @throws the signal's reason if the signal is aborted
 * @example
 * ```ts
 * import { readNetwork } from '@mobilenetv2/weights'
 * import { openZooModel } from '@mobilenetv2/zoo'
 *
 * const { bytes, file } = await openZooModel('imagenet-1.0-224')
 * const network = await readNetwork(bytes, { file })
 * ```
 */
export async function openZooModel(id: ZooId, options: OpenZooModelOptions = {}): Promise<OpenedZooModel> {
  checkOptionNames(options, openZooModelOptionNames)
  const entry = zooEntry(id)
  const [files, labels] = await Promise.all([openFiles(entry, options), labelsOf(entry.labels)])
  return { id, entry, labels, ...files }
}
