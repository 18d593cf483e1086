import { readdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'

const extensions = new Set(['.jpg', '.jpeg', '.png', '.webp', '.gif', '.avif'])

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  )
}

/** The pictures that arguments name: files and URLs as they are, folders as the picture files in them, by name. */
export async function pictureFiles(paths: readonly string[]): Promise<string[]> {
  const lists = paths.map(async (path) => {
    if (!(await isFolder(path))) return [path]
    const names = (await readdir(path)).filter((name) => extensions.has(extname(name).toLowerCase()))
    return names.sort().map((name) => join(path, name))
  })
  return (await Promise.all(lists)).flat()
}
