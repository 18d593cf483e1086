import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { systemError } from '@mobilenetv2/spec/system-errors'
import type { OutputFile } from './network-files.js'

/** A file that is written under the temporary name `beside`, and the path that it will get. */
interface Written {
  readonly beside: string
  readonly path: string
}

function cannotWrite(where: string, cause: unknown): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', 'A file cannot be written.', { where, ...systemError(cause), cause })
}

function attempt<T>(where: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw cannotWrite(where, cause)
  }
}

/** The path behind all links, and the permissions of the file that is there. */
function placeOf(path: string): { readonly path: string; readonly permissions?: number } {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) {
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
    // The links are not a circle: `statSync` followed them to their end.
    return isLink ? placeOf(resolve(realpathSync(dirname(path)), readlinkSync(path))) : { path }
  }
  // Throws for a folder, and for a file that must not be written.
  closeSync(openSync(path, 'r+'))
  return { path: realpathSync(path), permissions: found.mode & 0o777 }
}

function writeBeside({ path: asked, bytes }: OutputFile): Written {
  const { path, permissions } = placeOf(asked)
  const beside = join(dirname(path), `.mobilenetv2-${randomBytes(6).toString('hex')}.tmp`)
  const file = openSync(beside, 'wx')
  try {
    writeFileSync(file, bytes)
    if (permissions !== undefined) fchmodSync(file, permissions)
    // Some file systems report a full disk only here.
    fsyncSync(file)
  } catch (error) {
    rmSync(beside)
    throw error
  } finally {
    closeSync(file)
  }
  return { beside, path }
}

/**
 * Makes a folder, and those that it lies in.
 * @throws MobileNetV2Error `SOURCE` if it cannot be made
 */
export function makeFolder(path: string): void {
  attempt(path, () => mkdirSync(path, { recursive: true }))
}

/** Whether a path leads to something that takes bytes, but is no file: a device or a pipe. */
function isDevice(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && !found.isFile() && !found.isDirectory()
}

/**
 * Writes files completely or not at all: all are written under temporary names in their folders, then all are renamed. The first file may
 * refer to the others, so it is renamed last. A file that is replaced keeps its permissions, and links to it still work. The work is
 * synchronous, so that Ctrl-C cannot interrupt it. A device or a pipe is written directly, and must be the only file.
 * @throws MobileNetV2Error `SOURCE` if a file cannot be written, or if two have the same path. No file has changed then, unless renaming
 * failed
 */
export async function writeFiles(files: readonly OutputFile[]): Promise<void> {
  const device = files.find(({ path }) => attempt(path, () => isDevice(path)))
  if (device !== undefined) {
    if (files.length > 1) throw cannotWrite(device.path, 'a device or a pipe can take one file only, and this format has several')
    return writeFile(device.path, device.bytes).catch((cause) => {
      throw cannotWrite(device.path, cause)
    })
  }
  const written: Written[] = []
  try {
    for (const file of files) written.push(attempt(file.path, () => writeBeside(file)))
    const places = written.map(({ path }) => resolve(path))
    const twice = places.find((place, index) => places.indexOf(place) < index)
    if (twice !== undefined) throw cannotWrite(twice, 'two of the files to write would have this name; give another name')
    for (const { beside, path } of [...written].reverse()) attempt(path, () => renameSync(beside, path))
  } finally {
    for (const { beside } of written) rmSync(beside, { force: true })
  }
}
