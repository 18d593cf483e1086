import { stat } from 'node:fs/promises'
import { isAbsolute, join, sep } from 'node:path'
import { pictureFormats } from '@mobilenetv2/image'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { Option } from 'commander'
import { pictureExtensions, readPictureTree } from '../picture-tree.node.js'
import { report } from './output.js'

const formats: readonly string[] = pictureFormats.map(({ name }) => name)

/** The argument of `pictureFiles` in the words of --help. */
export const picturesArgument: string = `paths, URLs or quoted patterns of ${formats.slice(0, -1).join(', ')} or ${formats.at(-1)} files; folders, with their subfolders; - for the standard input`

/** Whether an argument is an address, such as `https://…`. A drive of Windows has one letter. */
export function hasScheme(argument: string): boolean {
  return /^[a-z]{2,}:/i.test(argument)
}

/**
 * The paths that a pattern matches, sorted. If the text is no pattern, or if nothing matches it, the text itself is taken for the
 * path of a file, and opening that file reports the error.
 */
async function matching(pattern: string): Promise<string[]> {
  if (!/[*?[{(]/.test(pattern) || hasScheme(pattern)) return [pattern]
  const { glob } = await import('tinyglobby')
  const found = await glob(pattern.replaceAll(sep, '/'), { expandDirectories: false, absolute: isAbsolute(pattern) })
  return found.length === 0 ? [pattern] : found.sort()
}

/**
 * The picture files in a folder and its subfolders, sorted. Pictures and subfolders that cannot be read are reported.
 * @throws MobileNetV2Error `SOURCE` if the folder cannot be read or has no picture
 */
async function picturesIn(folder: string): Promise<string[]> {
  const { pictures, problems } = await readPictureTree(folder)
  for (const problem of problems) report(problem)
  if (pictures.length === 0) {
    throw new MobileNetV2Error('SOURCE', 'A folder has no pictures.', {
      where: folder,
      expected: `files that end in ${pictureExtensions.join(', ')}, in the folder or its subfolders`,
    })
  }
  return pictures.map((name) => join(folder, name))
}

/**
 * The pictures that arguments name. Files, URLs and `-` stay as they are; a folder stands for the picture files in it and its subfolders; a
 * pattern, which the shell has not expanded, for the files that match. A folder without pictures is reported, and the others still count.
 * @throws MobileNetV2Error `OPTION` if - is given twice
 */
export async function pictureFiles(paths: readonly string[]): Promise<string[]> {
  if (paths.indexOf('-') !== paths.lastIndexOf('-')) {
    throw new MobileNetV2Error('OPTION', 'The standard input is named twice, but can be read only once.', {
      remedy: 'Give - once.',
    })
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
  return new Option('--decode <how>', 'fast: decode large JPEGs at a smaller size, which changes answers a little').choices([
    'exact',
    'fast',
  ])
}
