import { isUtf8 } from 'node:buffer'
import { readdir, realpath, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { pictureFormats } from '@mobilenetv2/image'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { systemError } from '@mobilenetv2/spec/system-errors'

/** The extensions of picture files, in lower case, with the dot. */
export const pictureExtensions: readonly string[] = pictureFormats.flatMap(({ extensions }) => extensions)

/** The picture files in a folder and its subfolders. Paths are relative to the folder and have `/` between names. */
export interface PictureTree {
  /** Sorted. */
  readonly pictures: readonly string[]
  /** The folders, sorted; hidden ones are left out. */
  readonly folders: readonly string[]
  /** The files whose extension is not that of a picture. Hidden ones are left out. */
  readonly others: readonly string[]
  /** Pictures and folders that are left out because their names or their contents cannot be read. */
  readonly problems: readonly MobileNetV2Error[]
}

interface Found {
  readonly pictures: string[]
  readonly folders: string[]
  readonly others: string[]
  readonly problems: MobileNetV2Error[]
}

/** A folder in the tree. */
interface Place {
  readonly path: string
  /** The path relative to the root; empty for the root itself. */
  readonly name: string
  /** The real paths, behind all links, of this folder and of the folders above it. */
  readonly within: readonly string[]
}

function unreadableFolder(path: string, cause: unknown): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', 'A folder cannot be read.', { where: path, ...systemError(cause), cause })
}

async function walkFolder({ path, name, within }: Place, found: Found, signal: AbortSignal | undefined): Promise<void> {
  try {
    const real = await realpath(path)
    if (within.includes(real)) {
      const remedy = 'Remove the link.'
      found.problems.push(new MobileNetV2Error('SOURCE', 'A link leads to a folder that it lies in.', { where: path, remedy }))
      return
    }
    found.folders.push(name)
    await walk({ path, name, within: [...within, real] }, found, signal)
  } catch (cause) {
    signal?.throwIfAborted()
    found.problems.push(unreadableFolder(path, cause))
  }
}

async function walk(
  { path: folder, name: folderName, within }: Place,
  found: Found,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted()
  for (const entry of await readdir(folder, { encoding: 'buffer', withFileTypes: true })) {
    const text = String(entry.name)
    if (text.startsWith('.')) continue
    const isPicture = pictureExtensions.includes(extname(text).toLowerCase())
    const path = join(folder, text)
    if (!isUtf8(entry.name)) {
      if (!isPicture && !entry.isDirectory()) found.others.push(text)
      else {
        const remedy = `Rename the ${isPicture ? 'file' : 'folder'}.`
        const what = `The name of a ${isPicture ? 'file' : 'folder'} is not in UTF-8.`
        found.problems.push(new MobileNetV2Error('SOURCE', what, { where: path, remedy }))
      }
      continue
    }
    const name = folderName === '' ? text : `${folderName}/${text}`
    const isFolder =
      entry.isDirectory() ||
      (entry.isSymbolicLink() &&
        (await stat(path).then(
          (target) => target.isDirectory(),
          () => false,
        )))
    if (isFolder) await walkFolder({ path, name, within }, found, signal)
    else if (isPicture) found.pictures.push(name)
    else found.others.push(name)
  }
}

/**
 * Finds the picture files in a folder and its subfolders by their extensions. Hidden files and folders are left out; links are followed.
 * @param signal ends the search before the next folder
 * @throws MobileNetV2Error `SOURCE` if the folder itself cannot be read; the signal's reason
 */
export async function readPictureTree(folder: string, signal?: AbortSignal): Promise<PictureTree> {
  const found: Found = { pictures: [], folders: [], others: [], problems: [] }
  try {
    await walk({ path: folder, name: '', within: [await realpath(folder)] }, found, signal)
  } catch (cause) {
    signal?.throwIfAborted()
    throw unreadableFolder(folder, cause)
  }
  return { ...found, pictures: found.pictures.sort(), folders: found.folders.sort() }
}
