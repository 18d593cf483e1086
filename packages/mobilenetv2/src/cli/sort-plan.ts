import { basename, extname, join } from 'node:path'

/** A picture with its most probable class. */
export interface LabelledFile {
  readonly file: string
  readonly label: string
  readonly confidence: number
}

/** A picture, and the path that it gets in the folder of its label. */
export interface Sorted extends LabelledFile {
  readonly to: string
}

/** Characters that no file system, or only some, take in a name. */
const forbidden = /[/\\:*?"<>|\p{Cc}]/gu

/** Names that Windows keeps for devices. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/i

/** The most bytes of a folder's name on usual file systems. */
const longestName = 255

function shortened(name: string): string {
  let short = name
  while (Buffer.byteLength(short) > longestName) short = Array.from(short).slice(0, -1).join('')
  return short
}

/** The name of a label's folder. */
export function folderOf(label: string): string {
  // A dot at the beginning hides a folder, and Windows removes dots and spaces at the end.
  const visible = label.replace(forbidden, '_').trim().replace(/^\.+/, '')
  const name = shortened(visible).replace(/[. ]+$/, '')
  return name === '' || reserved.test(name) ? `_${name}` : name
}

/**
 * The path that each picture gets, in a folder for its label. Pictures of one name and label are numbered: `cat.jpg`, `cat (2).jpg`.
 * @param isTaken whether a file other than the picture has the path
 */
export function planSort(
  pictures: readonly LabelledFile[],
  to: string,
  isTaken: (path: string, picture: LabelledFile) => boolean,
): Sorted[] {
  // File systems of macOS and Windows do not tell upper from lower case.
  const given = new Set<string>()
  return pictures.map((picture) => {
    const { file, label } = picture
    const extension = extname(file)
    const stem = basename(file, extension)
    for (let number = 1; ; number++) {
      const name = number === 1 ? `${stem}${extension}` : `${stem} (${number})${extension}`
      const path = join(to, folderOf(label), name)
      if (given.has(path.toLowerCase()) || isTaken(path, picture)) continue
      given.add(path.toLowerCase())
      return { ...picture, to: path }
    }
  })
}
