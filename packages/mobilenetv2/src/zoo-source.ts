// Everything that needs the zoo. This file is imported lazily, so that other sources do not load the zoo.
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { type Facts, factsFrom, longestModel, type ReadSibling } from '@mobilenetv2/weights'
import { isZooId, type OpenedZooModel, openZooModel, readCachedUrl, readCachedUrlIfThere, zooEntries } from '@mobilenetv2/zoo'
import type { OpenedSource, ReadNetworkOptions } from './read-network.js'
import { siblingOf } from './siblings.js'

/** What the zoo's entry states about a model. */
function factsOfEntry({ entry, labels }: OpenedZooModel): Facts {
  const { id, options, preprocessing } = entry
  const { height, width } = options
  const size = height === undefined || width === undefined ? undefined : { height, width }
  return factsFrom({ size, labels, ...preprocessing }, `the zoo's entry ${id}`)
}

/** Opens a model of the zoo; null if the name is not an id of it. */
export async function openFromZoo(name: string, options: ReadNetworkOptions): Promise<OpenedSource | null> {
  if (!isZooId(name)) return null
  const { fetch, cache, onProgress, signal } = options
  const opened = await openZooModel(name, { fetch, cache, onProgress, signal })
  const { bytes, file, readSibling } = opened
  // The entry states all that files beside the model could state, so the list of such files is empty and none is fetched.
  return { bytes, known: { file, readSibling, siblingNames: [] }, stated: [factsOfEntry(opened)] }
}

/** Opens the file at an address through the cache that the options name. */
export async function openCached(address: string, { fetch, cache, onProgress, signal }: ReadNetworkOptions): Promise<OpenedSource> {
  const readSibling: ReadSibling = async (name, longest = longestModel, isOptional = false) => {
    const url = siblingOf(address, name)
    if (url === null) return null
    // An optional file is fetched without retries and without progress.
    if (isOptional) return readCachedUrlIfThere(url, longest, { fetch, cache, signal })
    return readCachedUrl(url, longest, { fetch, cache, onProgress, signal })
  }
  const bytes = await readCachedUrl(address, longestModel, { fetch, cache, onProgress, signal })
  return { bytes, known: { file: address, readSibling } }
}

/** The error for a name that is neither a model of the zoo nor a file. It lists the ids, the most similar ones first. */
export function unknownName(name: string, cause: unknown): MobileNetV2Error {
  const isNear = ({ id, location }: (typeof zooEntries)[number]): boolean =>
    id.includes(name) || (location.kind === 'file' && location.name.includes(name))
  const near = zooEntries.filter(isNear)
  const ids = [...near, ...zooEntries.filter((entry) => !near.includes(entry))].map(({ id }) => id)
  return new MobileNetV2Error('SOURCE', 'There is neither a model nor a file of this name.', {
    where: name,
    expected: `the path of a file, or one of ${ids.join(', ')}`,
    got: cause instanceof MobileNetV2Error ? cause.details.got : undefined,
    remedy: near[0] === undefined ? undefined : `Did you mean ${near[0].id}?`,
    cause,
  })
}
