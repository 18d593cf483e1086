import { list } from './cached-models.js'
import { zooEntries, zooTitle } from './entries.js'
import { isFileEntry, type ZooId } from './entry.js'
import { hasModelFile } from './model-file.js'

/** The model to take where none is named, and a sentence that says which and why. */
export interface DefaultModel {
  readonly source: ZooId
  readonly reason: string
}

/** The first entry with ImageNet's classes whose file is in the folder. */
async function findInFolder(folder: string): Promise<DefaultModel | null> {
  for (const entry of zooEntries.filter(isFileEntry)) {
    if (entry.labels !== 'imagenet' || !(await hasModelFile(entry.location, folder))) continue
    return { source: entry.id, reason: `${zooTitle(entry)}: ${entry.location.name} of MOBILENETV2_MODELS.` }
  }
  return null
}

/**
 * The model to take where none is named: an ImageNet model of the folder, else one of the cache, else the one inside npm's nsfwjs.
 * Nothing is downloaded.
 * @param folder what the environment's `MOBILENETV2_MODELS` says
 * @param cache where downloaded files are kept, as `openZooModel` takes it
 */
export async function defaultModel(folder: string | undefined, cache?: string): Promise<DefaultModel> {
  const found = folder ? await findInFolder(folder) : null
  if (found !== null) return found
  const cached = (await list(cache === undefined ? {} : { cache })).find(({ entry }) => entry.labels === 'imagenet')
  if (cached !== undefined) return { source: cached.entry.id, reason: `${zooTitle(cached.entry)}: ${cached.file} of the cache.` }
  const packaged = zooEntries.find(({ location }) => location.kind === 'npm')!
  const why = folder ? `MOBILENETV2_MODELS (${folder}) has no ImageNet model of the zoo` : 'MOBILENETV2_MODELS is not set'
  return {
    source: packaged.id,
    reason: `${zooTitle(packaged)}: the one inside of npm's nsfwjs, as ${why} and none is in the cache.`,
  }
}
