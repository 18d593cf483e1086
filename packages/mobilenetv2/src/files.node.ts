import { opendir, readdir, readFile, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

function pathOf(location: string): string {
  return location.startsWith('file:') ? fileURLToPath(location) : location
}

/** The bytes of a file; `location` is a path or a `file:` URL. */
export async function readLocal(location: string, signal?: AbortSignal): Promise<Uint8Array>
/** The same, but null if the file has more than `longest` bytes. */
export async function readLocal(location: string, signal: AbortSignal | undefined, longest: number): Promise<Uint8Array | null>
export async function readLocal(location: string, signal?: AbortSignal, longest?: number): Promise<Uint8Array | null> {
  const path = pathOf(location)
  if (longest !== undefined && (await stat(path)).size > longest) return null
  const buffer = await readFile(path, { signal })
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}

/** What the file system says where there is no such file: none of the name, a folder, a file in place of a folder, too long a name. */
const missing = new Set(['ENOENT', 'EISDIR', 'ENOTDIR', 'ENAMETOOLONG'])

/** Whether an error of `readLocal` says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && missing.has(error.code)
}

/** A checkpoint and what belongs to it are a few files, in the folders of a SavedModel. */
const [mostFiles, deepest] = [10_000, 3]

async function collect(folder: string, root: string, depth: number, files: string[]): Promise<void> {
  for await (const entry of await opendir(folder)) {
    const path = join(folder, entry.name)
    if (files.length >= mostFiles || entry.name.startsWith('.')) continue
    if (!entry.isDirectory()) files.push(relative(root, path).replaceAll(sep, '/'))
    else if (depth < deepest && entry.name !== 'node_modules') await collect(path, root, depth + 1, files)
  }
}

/** The files in a folder and in its folders, by their paths from it; null if the location is no folder. */
export async function folderFiles(location: string): Promise<readonly string[] | null> {
  const path = pathOf(location)
  if (!(await stat(path).catch(() => null))?.isDirectory()) return null
  const files: string[] = []
  await collect(path, path, 1, files)
  return files.sort()
}

/** The names of what lies in the folder of a file; undefined if that cannot be listed. */
export async function namesBeside(location: string): Promise<readonly string[] | undefined> {
  return readdir(dirname(pathOf(location))).then(
    (names) => names.sort(),
    () => undefined,
  )
}

/** The address that a path stands for: none in Node. */
export function localAddress(_path: string): string | null {
  return null
}

const require = createRequire(import.meta.url)

/** Those of the packages that are not installed. */
export function missingPackages(names: readonly string[]): string[] {
  return names.filter((name) => {
    try {
      require.resolve(name)
      return false
    } catch {
      return true
    }
  })
}

/** Imports a package that only Node can run. No bundler sees its name. */
export async function importNodePackage<Module>(name: string): Promise<Module> {
  return (await import(/* webpackIgnore: true */ /* @vite-ignore */ name)) as Module
}
