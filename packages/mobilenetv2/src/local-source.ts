// Files and folders of this machine, and lists of files. This file is imported lazily, so that other sources do not load it.
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { longestModel, type ReadSibling, readSource } from '@mobilenetv2/weights'
import { openFolder } from '@mobilenetv2/weights/folder'
import { folderFiles, namesBeside } from '#files'
import { readBytes } from './read-bytes.js'
import type { OpenedSource, ReadNetworkOptions } from './read-network.js'
import { readBeside } from './siblings.js'

/** Opens the checkpoint of a folder on this machine. `names` are the paths of the files in it. */
async function openLocalFolder(folder: string, names: readonly string[], { signal }: ReadNetworkOptions): Promise<OpenedSource> {
  const inside = (name: string): string => (/[/\\]$/.test(folder) ? `${folder}${name}` : `${folder}/${name}`)
  const read: ReadSibling = (name, longest, isOptional) => readBeside(inside(''), name, { longest, isOptional, signal })
  const { name, beside } = openFolder({ name: folder, names, read })
  const known = { file: inside(name), readSibling: beside.read, siblingNames: beside.names ?? undefined }
  return { bytes: await readBytes(inside(name), longestModel, { signal }), known }
}

/** Opens a file on this machine, or the checkpoint of a folder. */
export async function openLocal(location: string, options: ReadNetworkOptions): Promise<OpenedSource> {
  const { signal } = options
  const names = await folderFiles(location)
  if (names !== null) return openLocalFolder(location, names, options)
  const bytes = await readBytes(location, longestModel, { signal })
  const readSibling: ReadSibling = (name, longest, isOptional) => readBeside(location, name, { longest, isOptional, signal })
  return { bytes, known: { file: location, readSibling, siblingNames: await namesBeside(location) } }
}

/** The path of a file that a page was given: relative to the folder that the user chose, else the name alone. */
function pathOf(file: File): string {
  return file.webkitRelativePath || file.name
}

/** The folders that all paths share, with the slash at their end. */
function sharedFolder(paths: readonly string[]): string {
  const [first = ''] = paths
  let shared = first.slice(0, first.lastIndexOf('/') + 1)
  while (!paths.every((path) => path.startsWith(shared))) shared = shared.slice(0, shared.slice(0, -1).lastIndexOf('/') + 1)
  return shared
}

/**
 * Opens the checkpoint among files that a page was given. A single file is taken as the checkpoint, whatever its name.
 * @throws MobileNetV2Error `SOURCE` if two files have the same path
 */
export async function openFiles(all: readonly File[], { onProgress, signal }: ReadNetworkOptions): Promise<OpenedSource> {
  const open = (file: File): Promise<Uint8Array> =>
    readSource(file, { onProgress, signal }, { longest: longestModel, where: pathOf(file) })
  const [only, another] = all
  if (only !== undefined && another === undefined) return { bytes: await open(only), known: { file: pathOf(only) } }
  const folder = sharedFolder(all.map(pathOf))
  const files = new Map(all.map((file) => [pathOf(file).slice(folder.length), file]))
  if (files.size < all.length) {
    throw new MobileNetV2Error('SOURCE', 'Two of the files have the same name.', { remedy: 'Give the files of one model only.' })
  }
  const read: ReadSibling = async (name, longest = longestModel, isOptional = false) => {
    const file = files.get(name)!
    return isOptional && file.size > longest ? null : readSource(file, { signal }, { longest, where: pathOf(file) })
  }
  const { name, beside } = openFolder({ name: folder || `(${all.length} files)`, names: [...files.keys()], read })
  return {
    bytes: await open(files.get(name)!),
    known: { file: folder + name, readSibling: beside.read, siblingNames: beside.names ?? undefined },
  }
}
