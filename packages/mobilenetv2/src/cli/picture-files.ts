import { isUtf8 } from 'node:buffer'
import { readdir, stat } from 'node:fs/promises'
import { extname, isAbsolute, join, sep } from 'node:path'
import { pictureFormats } from '@mobilenetv2/image'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { systemError } from '@mobilenetv2/spec/system-errors'
import { report } from './output.js'

const formats: readonly string[] = pictureFormats.map(({ name }) => name)

/** What `pictureFiles` takes, for --help. */
export const picturesArgument: string = `paths, URLs or patterns of ${formats.slice(0, -1).join(', ')} or ${formats.at(-1)} files, folders of them, or - for the standard input`

const extensions = new Set(pictureFormats.flatMap(({ extensions }) => extensions))

/** The paths that a pattern matches, sorted. If it is no pattern or matches nothing, the text itself, which then fails as a file. */
async function matching(pattern: string): Promise<string[]> {
  if (!/[*?[{(]/.test(pattern) || /^[a-z]{2,}:/i.test(pattern)) return [pattern]
  const { glob } = await import('tinyglobby')
  const found = await glob(pattern.replaceAll(sep, '/'), { expandDirectories: false, absolute: isAbsolute(pattern) })
  return found.length === 0 ? [pattern] : found.sort()
}

/**
 * The picture files in a folder, sorted. A name that cannot be turned to text is reported, as no file would be found by that text.
 * @throws MobileNetV2Error `SOURCE` if the folder cannot be read or has no picture
 */
async function picturesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { encoding: 'buffer' }).catch((cause) => {
    throw new MobileNetV2Error('SOURCE', 'A folder cannot be read.', { where: folder, ...systemError(cause), cause })
  })
  const pictures = names.filter((name) => extensions.has(extname(String(name)).toLowerCase()))
  if (pictures.length === 0) {
    throw new MobileNetV2Error('SOURCE', 'A folder has no pictures.', { where: folder, expected: [...extensions].join(', ') })
  }
  for (const name of pictures.filter((name) => !isUtf8(name))) {
    report(
      new MobileNetV2Error('SOURCE', 'The name of a file is not in UTF-8.', {
        where: join(folder, String(name)),
        remedy: 'Rename the file.',
      }),
    )
  }
  return pictures
    .filter((name) => isUtf8(name))
    .map(String)
    .sort()
    .map((name) => join(folder, name))
}

/**
 * The pictures that arguments name: files, URLs and - as they are, folders as the picture files in them, patterns (for shells that
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
