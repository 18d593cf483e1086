import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'

/** A class with its pictures, as a project file holds it. */
export interface ProjectClass {
  readonly name: string
  readonly pictures: readonly Blob[]
}

/** The list of classes in a project file. */
interface Manifest {
  readonly mobilenetv2: 'taught classes'
  readonly version: 1
  readonly classes: readonly { readonly name: string; readonly pictures: readonly string[] }[]
}

const manifestName = 'mobilenetv2-project.json'

/** Larger files in a zip are no pictures of a lesson. */
const longestPicture = 50e6
const longestProject = 1e9
const mostPictures = 10_000

const types: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
}

const typeOf = (path: string): string | undefined => types[path.replace(/^.*\./, '').toLowerCase()]

/** A name that every file system takes. */
const folderName = (name: string): string => name.replace(/[^\p{L}\p{N} _-]+/gu, '_').trim() || 'class'

function uniqueFolders(names: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    let folder = folderName(name)
    for (let number = 2; taken.has(folder.toLowerCase()); number++) folder = `${folderName(name)} ${number}`
    taken.add(folder.toLowerCase())
    return folder
  })
}

/** Writes a lesson as a zip with a folder for each class, which `mobilenetv2 teach` learns from when it is unpacked. */
export async function writeProject(classes: readonly ProjectClass[]): Promise<Uint8Array<ArrayBuffer>> {
  const folders = uniqueFolders(classes.map(({ name }) => name))
  const files: Record<string, [Uint8Array, { level: 0 | 6 }]> = {}
  const listed = await Promise.all(
    classes.map(async ({ name, pictures }, index) => ({
      name,
      pictures: await Promise.all(
        pictures.map(async (picture, place) => {
          const extension = Object.keys(types).find((key) => types[key] === picture.type) ?? 'jpg'
          const path = `${folders[index]}/${String(place + 1).padStart(4, '0')}.${extension}`
          // Pictures are compressed already.
          files[path] = [new Uint8Array(await picture.arrayBuffer()), { level: 0 }]
          return path
        }),
      ),
    })),
  )
  const manifest: Manifest = { mobilenetv2: 'taught classes', version: 1, classes: listed }
  return new Uint8Array(zipSync({ [manifestName]: [strToU8(JSON.stringify(manifest, null, 2)), { level: 6 }], ...files }))
}

/** The manifest of a project file, checked; null if the zip has none that can be used. */
function manifestIn(files: Readonly<Record<string, Uint8Array>>): Manifest | null {
  const bytes = files[manifestName]
  if (bytes === undefined) return null
  try {
    const { mobilenetv2, classes } = JSON.parse(strFromU8(bytes)) as Partial<Manifest>
    const isList = (value: unknown): value is readonly string[] =>
      Array.isArray(value) && value.every((one) => typeof one === 'string')
    const isRight =
      mobilenetv2 === 'taught classes' &&
      Array.isArray(classes) &&
      classes.every((one) => typeof one?.name === 'string' && isList(one.pictures))
    return isRight ? { mobilenetv2, version: 1, classes } : null
  } catch {
    return null
  }
}

/** The classes of pictures that lie in folders: each folder is a class. */
function classesOfFolders(paths: readonly string[]): Manifest['classes'] {
  const byFolder = new Map<string, string[]>()
  for (const path of paths.toSorted()) {
    const folder = path.split('/').at(-2) ?? ''
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), path])
  }
  return [...byFolder].map(([name, pictures]) => ({ name, pictures }))
}

/**
 * Reads the pictures of a zip: a project file, or any zip of pictures, in which each folder is a class. Pictures in no folder are a class
 * without a name.
 * @returns null if the zip has no pictures, so that it may be a model
 * @throws Error if it is damaged, or too large
 */
export function readProject(bytes: Uint8Array): readonly ProjectClass[] | null {
  let total = 0
  let count = 0
  const files = unzipSync(bytes, {
    filter({ name, originalSize }) {
      const isHidden = /(^|\/)(\.|__MACOSX\/)/.test(name)
      if (name !== manifestName && (typeOf(name) === undefined || isHidden)) return false
      total += originalSize
      count += 1
      if (originalSize > longestPicture || total > longestProject || count > mostPictures)
        throw new Error('The file holds more than 10,000 pictures, or more than 1 GB. Take fewer or smaller pictures.')
      return true
    },
  })
  const paths = Object.keys(files).filter((path) => path !== manifestName)
  const manifest = manifestIn(files)
  if (paths.length === 0 && manifest === null) return null
  return (manifest?.classes ?? classesOfFolders(paths)).map(({ name, pictures }) => ({
    name,
    pictures: pictures.flatMap((path) => {
      const content = files[path]
      return content === undefined ? [] : [new Blob([new Uint8Array(content)], { type: typeOf(path) ?? '' })]
    }),
  }))
}
