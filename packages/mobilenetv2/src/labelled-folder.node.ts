import { extname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { localSize } from './files.node.js'
import { type LabelLine, readLabelLines } from './label-file.js'
import { refuseParts } from './labelled-parts.node.js'
import type { LabelledPicture, OpenedPictures } from './labelled-pictures.js'
import { type PictureTree, pictureExtensions, readPictureTree } from './picture-tree.node.js'
import { readBytes } from './read-bytes.js'

/** The names of label files that are looked for beside pictures. */
const labelFileNames = ['labels.csv', 'labels.txt', 'val.txt']

/** The longest label file: 64 MiB. One for ImageNet's 1.3 million training pictures takes 40 MB. */
const longestLabelFile = 2 ** 26

/** Whether a path from the folder leads into one of its folders. */
const isInFolder = (name: string): boolean => name.includes('/')

const plural = (count: number, what: string): string => `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`

function are(count: number, what: string, rest: string): string[] {
  return count === 0 ? [] : [`${plural(count, what)} ${count === 1 ? 'is' : 'are'} ${rest}`]
}

/** How many endings a sentence shows. */
const shownEndings = 8

/** How the names of files end, such as `.heic, .txt`. */
function endingsOf(names: readonly string[]): string {
  const endings = [...new Set(names.map((name) => extname(name).toLowerCase() || 'no ending'))].sort()
  return [...endings.slice(0, shownEndings), ...(endings.length > shownEndings ? ['…'] : [])].join(', ')
}

/** What is left out of a folder, a sentence each. The file `used` is not a picture, but it was read all the same. */
function leftOutOf({ others, problems }: PictureTree, used?: string): string[] {
  const unused = others.filter((name) => name !== used)
  const why = unused.length === 1 ? "its name does not end as a picture's does" : "their names do not end as pictures' do"
  return [
    ...are(unused.length, 'file', `left out: ${why} (${endingsOf(unused)}).`),
    ...problems.map(({ message, details }) => `${details.where}: ${message.split('\n')[0]}`),
  ]
}

interface LabelFile {
  readonly file: string
  /** One or more. */
  readonly lines: readonly LabelLine[]
}

async function readLabelFile(file: string, signal: AbortSignal | undefined): Promise<LabelFile> {
  const bytes = await readBytes(file, longestLabelFile, { signal })
  return { file, lines: readLabelLines(new TextDecoder().decode(bytes), pictureExtensions, file) }
}

/**
 * The label file beside the pictures of a folder; null if there is none. If there are folders of pictures too, a file that names no
 * picture does not count: it is more likely a list of the classes.
 */
async function findLabelFile(
  folder: string,
  { pictures }: PictureTree,
  signal: AbortSignal | undefined,
): Promise<LabelFile | null> {
  if (pictures.every(isInFolder)) return null
  const hasClasses = pictures.some(isInFolder)
  for (const name of labelFileNames) {
    const path = join(folder, name)
    if ((await localSize(path)) === null) continue
    const found = await readLabelFile(path, signal)
    if (!hasClasses || found.lines[0]!.file !== null) return found
  }
  return null
}

/** The pictures with the labels of a file that has labels alone: one for each picture, in the order of their names. */
function inOrder(labels: readonly string[], pictures: readonly string[], folder: string, file: string): LabelledPicture[] {
  if (labels.length === pictures.length) {
    return pictures.map((name, index) => ({ picture: join(folder, name), label: labels[index]! }))
  }
  throw new MobileNetV2Error('INPUT', 'A label file has labels without pictures, and their number is not the number of pictures.', {
    where: file,
    expected: `${plural(pictures.length, 'label')}, or a picture and its label in each line`,
    got: plural(labels.length, 'label'),
  })
}

/** The path of a file from a folder, with `/` between names as in a `PictureTree`. */
function pathIn(folder: string, file: string): string {
  return relative(folder, file).replaceAll(sep, '/')
}

/** Whether a path from a folder leads out of it; on another drive of Windows it is absolute. */
function isOutside(path: string): boolean {
  return path === '..' || path.startsWith('../') || isAbsolute(path)
}

function refuseLine(what: string, file: string, got: string, remedy: string): never {
  throw new MobileNetV2Error('INPUT', what, { where: file, got, remedy })
}

function openWithFile(folder: string, tree: PictureTree, { file, lines }: LabelFile): OpenedPictures {
  if (lines[0]!.file === null) {
    const labels = lines.map(({ label }) => label)
    return { pictures: inOrder(labels, tree.pictures, folder, file), leftOut: leftOutOf(tree, pathIn(folder, file)) }
  }
  const named = new Set<string>()
  const pictures = lines.map(({ file: name, label }) => {
    const path = pathIn(folder, resolve(folder, name!))
    if (isOutside(path)) refuseLine('A label file names a picture outside of the folder.', file, name!, 'Move it into the folder.')
    if (named.has(path)) refuseLine('A label file names a picture twice.', file, name!, 'Keep one of the lines.')
    named.add(path)
    return { picture: join(folder, path), label }
  })
  const unnamed = tree.pictures.filter((name) => !named.has(name)).length
  return {
    pictures,
    leftOut: [...are(unnamed, 'picture', `left out: not named in ${file}.`), ...leftOutOf(tree, pathIn(folder, file))],
  }
}

function noClasses(folder: string, { pictures, others }: PictureTree): MobileNetV2Error {
  const loose = pictures.length > 0 ? `${plural(pictures.length, 'picture')} without a class` : 'no pictures'
  return new MobileNetV2Error('INPUT', 'A folder of labelled pictures has no folders of classes with pictures in them.', {
    where: folder,
    expected: `a folder for each class, as in ${folder}/cat/1.jpg and ${folder}/dog/1.jpg; or pictures with a label file (${labelFileNames.join(', ')}) that has a picture and its label in each line; pictures end in ${pictureExtensions.join(', ')}`,
    got: others.length === 0 ? loose : `${loose}, ${plural(others.length, 'file')} of other kinds (${endingsOf(others)})`,
  })
}

/** Takes each subfolder for a class: its name is the label, and all pictures in it and below it belong to the class. */
function openClassFolders(folder: string, tree: PictureTree): OpenedPictures {
  const labelled = tree.pictures.filter(isInFolder)
  if (labelled.length === 0) throw noClasses(folder, tree)
  refuseParts(folder, labelled)
  const pictures = labelled.map((name) => ({ picture: join(folder, name), label: name.slice(0, name.indexOf('/')) }))
  const labels = new Set(pictures.map(({ label }) => label))
  const empty = tree.folders.filter((name) => !isInFolder(name) && !labels.has(name))
  const loose = tree.pictures.length - labelled.length
  return {
    pictures,
    leftOut: [
      ...empty.map((name) => `The folder ${name} has no pictures.`),
      ...are(loose, 'picture', 'left out: in no folder of a class.'),
      ...leftOutOf(tree),
    ],
  }
}

/**
 * The labelled pictures of a folder. The labels come from the label file that is given or that lies beside the pictures, else from the
 * names of the subfolders.
 * @throws MobileNetV2Error `SOURCE` if the folder or the label file cannot be read; `INPUT` if there are no labelled pictures, or if the
 * label file does not fit; the signal's reason
 */
export async function openLabelledFolder(folder: string, labelFile?: string, signal?: AbortSignal): Promise<OpenedPictures> {
  const tree = await readPictureTree(folder, signal)
  const found = labelFile === undefined ? await findLabelFile(folder, tree, signal) : await readLabelFile(labelFile, signal)
  return found === null ? openClassFolders(folder, tree) : openWithFile(folder, tree, found)
}
