import { join } from 'node:path'
import { MobileNetV2Error } from '@mobilenetv2/spec'

interface Part {
  readonly name: string
  /** The folders in it that have pictures. */
  readonly folders: Set<string>
  pictures: number
}

/** How many folders an error shows. */
const shownFolders = 8

/** The subfolders of a folder; null if one of them holds pictures directly. */
function partsOf(pictures: readonly string[]): Part[] | null {
  const parts = new Map<string, Part>()
  for (const path of pictures) {
    const [name = '', inner = '', ...rest] = path.split('/')
    if (rest.length === 0) return null
    const part = parts.get(name) ?? { name, folders: new Set(), pictures: 0 }
    parts.set(name, part)
    part.folders.add(inner)
    part.pictures += 1
  }
  return [...parts.values()]
}

/**
 * Refuses the folders of a whole data set, as in `train/cat/1.jpg` and `val/cat/1.jpg`: `train` and `val` are not classes. They are
 * recognised by this: no folder holds pictures directly, and all have the same two or more subfolders. A single subfolder in common proves
 * nothing: each class may have one called `images`.
 * @param pictures the paths of the pictures in folders of `folder`, from there, with `/` between names
 * @throws MobileNetV2Error `INPUT`
 */
export function refuseParts(folder: string, pictures: readonly string[]): void {
  const parts = partsOf(pictures)
  if (parts === null || parts.length < 2) return
  const inner = parts[0]!.folders
  if (inner.size < 2 || parts.some(({ folders }) => folders.size !== inner.size || [...folders].some((name) => !inner.has(name))))
    return
  const [largest, ...others] = [...parts].sort((one, other) => other.pictures - one.pictures).map(({ name }) => name)
  const shown = [...inner].slice(0, shownFolders)
  throw new MobileNetV2Error('INPUT', 'The folders look like the parts of a data set, and not like classes.', {
    where: folder,
    got: `${parts.map(({ name }) => name).join(' and ')}, and in each of them ${shown.join(', ')}${inner.size > shown.length ? ', …' : ''}`,
    remedy: `Use ${join(folder, largest!)}. Give ${others.join(' or ')} to evaluate, or to teach as its option validation (--validation). If the folders are classes, name a label file.`,
  })
}
