import { type ZooEntry, type ZooId, zooEntries } from './entries.js'
import { hasModelFile } from './model-file.js'

/** The model to take where none is named, and a sentence that says which and why. */
export interface DefaultModel {
  readonly source: ZooId
  readonly reason: string
}

/** The first entry with ImageNet's classes whose file is in the folder. */
async function findImageNetModel(folder: string): Promise<{ entry: ZooEntry; name: string } | null> {
  for (const entry of zooEntries) {
    if (entry.labels !== 'imagenet' || entry.location.kind !== 'file') continue
    if (await hasModelFile(entry.location, folder)) return { entry, name: entry.location.name }
  }
  return null
}

/**
 * The model to take where none is named: an ImageNet model of the folder, else the one inside npm's nsfwjs.
 * @param folder what the environment's `MOBILENETV2_MODELS` says
 */
export async function defaultModel(folder: string | undefined): Promise<DefaultModel> {
  const found = folder ? await findImageNetModel(folder) : null
  if (found !== null) return { source: found.entry.id, reason: `${found.entry.title}: ${found.name} of MOBILENETV2_MODELS.` }
  const packaged = zooEntries.find(({ location }) => location.kind === 'npm')!
  const why = folder ? `MOBILENETV2_MODELS (${folder}) has no ImageNet model of the zoo` : 'MOBILENETV2_MODELS is not set'
  return { source: packaged.id, reason: `${packaged.title}: the one inside of npm's nsfwjs, as ${why}.` }
}
