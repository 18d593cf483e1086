import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { cannotBe, isFull } from './file-failure.js'
import { sha256OfFile } from './sha256-of-file.js'
import type { PartialFile, Validator } from './store.js'

// A partial file is a folder in the cache, `NAME.MARK.part`, with the bytes that have arrived and the server's ETag. The mark names the
// process that writes it, so that two processes never write the same folder. A process takes over an abandoned folder by renaming it, which
// can succeed in one process only. A download that gives up renames its folder to `NAME.part`, without a mark.

/** A folder that was not written for this long is abandoned, whatever process made it: a day in milliseconds. */
const longestIdle = 86_400_000

const host = hostname().replace(/[^\w-]/g, '-')

/** Whether a process of this machine is running. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function isAbandoned(folder: string, mark: string): Promise<boolean> {
  if (mark === '') return true
  const [owner, pid] = mark.split('~')
  if (owner === host && !isAlive(Number(pid))) return true
  const last = await stat(join(folder, 'bytes')).catch(() => null)
  return last !== null && Date.now() - last.mtimeMs > longestIdle
}

/** The partial files of this name that no process writes any more. */
async function abandonedOf(cache: string, name: string): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(cache)) {
    if (!entry.startsWith(`${name}.`) || !entry.endsWith('.part')) continue
    const mark = entry.slice(name.length + 1, -'part'.length).replace(/\.$/, '')
    if (await isAbandoned(join(cache, entry), mark)) found.push(join(cache, entry))
  }
  return found
}

/** Takes over an abandoned folder, or makes a new one. No other process uses it. */
async function claim(cache: string, name: string): Promise<string> {
  const own = join(cache, `${name}.${host}~${process.pid}~${randomBytes(6).toString('hex')}.part`)
  for (const left of await abandonedOf(cache, name)) {
    const claimed = await rename(left, own).then(
      () => true,
      () => false,
    )
    if (claimed) return own
  }
  await mkdir(own)
  return own
}

async function readValidator(folder: string): Promise<Validator | null> {
  try {
    const { url, etag } = JSON.parse(await readFile(join(folder, 'validator.json'), 'utf8'))
    return typeof url === 'string' && typeof etag === 'string' ? { url, etag } : null
  } catch {
    return null // There is no such file yet, or it is incomplete. The download then starts again.
  }
}

const drop = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true }).catch(() => {})

/** Opens the bytes in a partial file's folder. If those of an earlier process cannot be opened, they are deleted. */
async function openBytes(folder: string): Promise<FileHandle> {
  const bytes = join(folder, 'bytes')
  try {
    return await open(bytes, 'a')
  } catch {
    await drop(folder)
    await mkdir(folder)
    return await open(bytes, 'a')
  }
}

/** Opens a partial file in the folder `cache`. If a download of the same file was interrupted, it is continued. */
export async function openFilePartial(cache: string, name: string): Promise<PartialFile> {
  const path = join(cache, name)
  const folder = await claim(cache, name).catch(cannotBe('written', cache))
  const handle = await openBytes(folder).catch(async (cause) => {
    await drop(folder)
    return cannotBe('written', cache)(cause)
  })
  const bytes = join(folder, 'bytes')
  let { size: length } = await handle.stat()
  let validator = await readValidator(folder)
  let full = false
  const write = (work: () => Promise<void>): Promise<void> =>
    work().catch((cause) => {
      full ||= isFull(cause)
      return cannotBe('written', path)(cause)
    })
  return {
    get length() {
      return length
    },
    get validator() {
      return validator
    },
    restart: (next) =>
      write(async () => {
        await handle.truncate(0)
        length = 0
        validator = next
        await writeFile(join(folder, 'validator.json'), JSON.stringify(next))
      }),
    append: (chunk) =>
      write(async () => {
        await handle.appendFile(chunk)
        length += chunk.length
      }),
    sha256: () => sha256OfFile(bytes).catch(cannotBe('read', bytes)),
    commit: (record) =>
      write(async () => {
        await handle.sync()
        await handle.close()
        // The record comes first, so that there is never a file without its hash.
        await writeFile(join(folder, 'record.json'), JSON.stringify(record))
        await rename(join(folder, 'record.json'), `${path}.json`)
        await rename(bytes, path)
        for (const left of [folder, ...(await abandonedOf(cache, name))]) await drop(left)
      }),
    async release() {
      await handle.close().catch(() => {})
      const left = `${path}.part`
      // On a full disk a partial file takes room that the next file needs.
      const resumable = length > 0 && validator?.etag != null && !full
      if (resumable) await drop(left)
      // If another process has left a partial file in the meantime, the rename fails. One partial file is enough.
      const kept = resumable && (await rename(folder, left).catch(() => false)) !== false
      if (!kept) await drop(folder)
    },
  }
}
