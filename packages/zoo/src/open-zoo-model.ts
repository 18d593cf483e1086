import { entryOf, type ZooEntry, type ZooId } from './entries.js'
import { labelsOf } from './labels/labels.js'
import { openModelFile } from './model-file.js'
import { openNsfwjs } from './nsfwjs-model.js'

/** A model's checkpoint as bytes, for `readCheckpoint(bytes, { file, readSibling })`, and what its classes are called. */
export interface OpenedZooModel {
  readonly id: ZooId
  readonly bytes: Uint8Array
  /** What errors call the checkpoint: a path, or a module of a package. */
  readonly file: string
  /** Gives the other files of a checkpoint that has several. */
  readonly readSibling?: (name: string) => Promise<Uint8Array>
  /** By class index, without a background class. */
  readonly labels: readonly string[]
}

async function openFiles({ location }: ZooEntry, folder: string | undefined): Promise<Omit<OpenedZooModel, 'id' | 'labels'>> {
  switch (location.kind) {
    case 'file':
      return openModelFile(location, folder)
    case 'npm':
      return openNsfwjs()
    default:
      return location satisfies never
  }
}

/**
 * Opens a model of the zoo. Nothing is downloaded.
 * @param options.folder where model files are; unless given, the folder that the environment's `MOBILENETV2_MODELS` names
 * @throws MobileNetV2Error `SOURCE` where its file or package is not there, or the file is not the published one.
 */
export async function openZooModel(id: ZooId, options: { readonly folder?: string } = {}): Promise<OpenedZooModel> {
  const entry = entryOf(id)
  const [files, labels] = await Promise.all([openFiles(entry, options.folder), labelsOf(entry.labels)])
  return { id, labels, ...files }
}
