import { opendir, readdir, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MobileNetV2Error, type UnsharedBytes } from '@mobilenetv2/spec'
import { isMissing } from '@mobilenetv2/spec/system-errors'
import type { Network, SourceLimits } from '@mobilenetv2/weights'
import { readFile } from './read-file.node.js'

/** How a picture's file can be decoded here. */
export const decodings: readonly ['exact', 'fast'] = ['exact', 'fast']

function pathOf(location: string): string {
  return location.startsWith('file:') ? fileURLToPath(location) : location
}

/**
 * The bytes of a file, a pipe or a device; `location` is a path or a `file:` URL.
 * @throws MobileNetV2Error `SOURCE` with the reason if they cannot be read; the signal's reason
 */
export async function readLocal(location: string, signal: AbortSignal | undefined, limits: SourceLimits): Promise<UnsharedBytes> {
  try {
    return await readFile(pathOf(location), { signal }, { ...limits, where: location })
  } catch (cause) {
    signal?.throwIfAborted()
    if (cause instanceof MobileNetV2Error) throw cause
    throw (await import('@mobilenetv2/weights/source-failure')).unreadable(location, cause)
  }
}

/** Whether the cause of an error of `readLocal` means that there is no such file. */
export const isAbsentFile: (cause: unknown) => boolean = isMissing

/**
 * The size of a file, in bytes; null if there is no such file. A pipe or a device does not count as a file: it may give bytes without end,
 * or none for ever.
 * @throws MobileNetV2Error `SOURCE` if the size cannot be found out
 */
export async function localSize(location: string): Promise<number | null> {
  try {
    const found = await stat(pathOf(location))
    return found.isFile() ? found.size : null
  } catch (cause) {
    if (isMissing(cause)) return null
    throw (await import('@mobilenetv2/weights/source-failure')).unreadable(location, cause)
  }
}

/** `fetch` through the proxy that the environment names. It follows no redirect from a public address into a private network. */
export async function usualFetch(): Promise<typeof fetch> {
  return (await import('@mobilenetv2/zoo')).usualFetch()
}

/** Limits of a listing. The files of one model are few, and a SavedModel has subfolders. */
const [mostFiles, deepest] = [10_000, 3]

async function collect(folder: string, root: string, depth: number, files: string[]): Promise<void> {
  for await (const entry of await opendir(folder)) {
    const path = join(folder, entry.name)
    if (files.length >= mostFiles || entry.name.startsWith('.')) continue
    if (!entry.isDirectory()) files.push(relative(root, path).replaceAll(sep, '/'))
    else if (depth < deepest && entry.name !== 'node_modules') {
      // A subfolder that cannot be listed is left out.
      await collect(path, root, depth + 1, files).catch(() => undefined)
    }
  }
}

/**
 * The paths of all files in a folder and its subfolders, relative to the folder; null if the location is not a folder.
 * @throws MobileNetV2Error `SOURCE` if the folder cannot be listed
 */
export async function folderFiles(location: string): Promise<readonly string[] | null> {
  const isFolder = async (): Promise<boolean> => (await stat(pathOf(location))).isDirectory()
  // If the location cannot be looked at, the error comes when its bytes are read.
  if (!(await isFolder().catch(() => false))) return null
  const path = pathOf(location)
  const files: string[] = []
  try {
    await collect(path, path, 1, files)
  } catch (cause) {
    throw (await import('@mobilenetv2/weights/source-failure')).unreadable(location, cause)
  }
  return files.sort()
}

/** The names in the folder of a file; undefined if the folder cannot be listed. */
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

/**
 * Writes a network to a file. The extension names the format. If the format has several files, the others are written beside it.
 * @throws MobileNetV2Error `OPTION` if no format has the extension; `SOURCE` if a file cannot be written
 */
export async function saveNetwork(network: Network, path: string): Promise<void> {
  const { formatOfPath, networkFiles } = await import('./network-files.js')
  const { writeFiles } = await import('./write-files.node.js')
  await writeFiles(networkFiles(network, path, formatOfPath(path)))
}

/** The packages among `names` that are not installed. */
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

/** Imports a package that may not be installed. No bundler sees its name. */
export async function importOptional<Module>(name: string): Promise<Module> {
  return (await import(/* webpackIgnore: true */ /* @vite-ignore */ name)) as Module
}

/** Imports a package that only Node can run. */
export async function importNodePackage<Module>(name: string): Promise<Module> {
  return importOptional(name)
}
