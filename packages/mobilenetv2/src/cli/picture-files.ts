import { stat } from 'node:fs/promises'
import { isAbsolute, join, sep } from 'node:path'
import { pictureFormats } from '@mobilenetv2/image'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { Option } from 'commander'
import { pictureExtensions, readPictureTree } from '../picture-tree.node.js'
import { report } from './output.js'

const formats: readonly string[] = pictureFormats.map(({ name }) => name)

/** What `pictureFiles` takes, for --help. */
export const picturesArgument: string = `paths, URLs or patterns of ${formats.slice(0, -1).join(', ')} or ${formats.at(-1)} files, folders of them (and their folders), or - for the standard input`

/** The paths that a pattern matches, sorted. If it is no pattern or matches nothing, the text itself, which then fails as a file. */
async function matching(pattern: string): Promise<string[]> {
  if (!/[*?[{(]/.test(pattern) || /^[a-z]{2,}:/i.test(pattern)) return [pattern]
  const { glob } = await import('tinyglobby')
  const found = await glob(pattern.replaceAll(sep, '/'), { expandDirectories: false, absolute: isAbsolute(pattern) })
  return found.length === 0 ? [pattern] : found.sort()
}

/**
 * The picture files in a folder and in its folders, sorted. What cannot be read in it is reported.
 * @throws MobileNetV2Error `SOURCE` if the folder cannot be read or has no picture
 */
async function picturesIn(folder: string): Promise<string[]> {
  const { pictures, problems } = await readPictureTree(folder)
  for (const problem of problems) report(problem)
  if (pictures.length === 0) {
    throw new MobileNetV2Error('SOURCE', 'A folder has no pictures.', {
      where: folder,
      expected: `files that end in ${pictureExtensions.join(', ')}, in it or in its folders`,
    })
  }
  return pictures.map((name) => join(folder, name))
}

/**
 * The pictures that arguments name: files, URLs and - as they are, folders as the picture files in them and in their folders, patterns (for shells that
 * leave them as they are) as the files that match. A folder that gives none is reported, and the other arguments still count.
 * @throws MobileNetV2Error `OPTION` if - is given twice
 */
export async function pictureFiles(paths: readonly string[]): Promise<string[]> {
  if (paths.indexOf('-') !== paths.lastIndexOf('-')) {
    throw new MobileNetV2Error('OPTION', 'The standard input is named twice, and can be read once.', { remedy: 'Give - once.' })
  }
  const lists = paths.map(async (path) => {
    const stats = await stat(path).catch(() => null)
    if (stats === null) return matching(path)
    if (!stats.isDirectory()) return [path]
    return picturesIn(path).catch((error: unknown) => {
      report(error)
      return []
    })
  })
  return (await Promise.all(lists)).flat()
}

/** The option of every command that reads many pictures. */
export function decodeOption(): Option {
  return new Option('--decode <how>', 'fast: read large JPEGs at a smaller size, which changes answers a little').choices([
    'exact',
    'fast',
  ])
}
