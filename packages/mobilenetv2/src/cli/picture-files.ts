import { readdir, stat } from 'node:fs/promises'
import { extname, isAbsolute, join, sep } from 'node:path'

/** What `pictureFiles` takes, for --help. */
export const picturesArgument =
  'paths, URLs or patterns of JPEG, PNG, WebP, GIF or AVIF files, folders of them, or - for the standard input'

const extensions = new Set(['.jpg', '.jpeg', '.png', '.webp', '.gif', '.avif'])

/** The paths that a pattern matches, sorted. If it is no pattern or matches nothing, the text itself, which then fails as a file. */
async function matching(pattern: string): Promise<string[]> {
  if (!/[*?[{(]/.test(pattern) || /^[a-z]{2,}:/i.test(pattern)) return [pattern]
  const { glob } = await import('tinyglobby')
  const found = await glob(pattern.replaceAll(sep, '/'), { expandDirectories: false, absolute: isAbsolute(pattern) })
  return found.length === 0 ? [pattern] : found.sort()
}

/**
 * The pictures that arguments name: files, URLs and - as they are, folders as the picture files in them, patterns (for shells that
 * leave them as they are) as the files that match.
 */
export async function pictureFiles(paths: readonly string[]): Promise<string[]> {
  const lists = paths.map(async (path) => {
    const stats = await stat(path).catch(() => null)
    if (stats === null) return matching(path)
    if (!stats.isDirectory()) return [path]
    const names = (await readdir(path)).filter((name) => extensions.has(extname(name).toLowerCase()))
    return names.sort().map((name) => join(path, name))
  })
  return (await Promise.all(lists)).flat()
}
