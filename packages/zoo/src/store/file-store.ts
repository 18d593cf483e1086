import type { Stats } from 'node:fs'
import { mkdir, readFile, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { cannotBe, isMissing, notAFile } from './file-failure.js'
import { openFilePartial } from './file-partial.js'
import { parseRecord } from './file-record.js'
import { sha256OfFile } from './sha256-of-file.js'
import type { ModelStore } from './store.js'

/** Most bytes of a record, most of which is the address. */
const longestRecord = 65_536

/** The folder of the cache: the one that `MOBILENETV2_CACHE` names, else `mobilenetv2` in the platform's folder of caches. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  const { MOBILENETV2_CACHE: named, XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = environment
  if (named) return named
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'mobilenetv2')
  if (platform === 'win32') return join(local || join(homedir(), 'AppData', 'Local'), 'mobilenetv2', 'Cache')
  return join(xdg || join(homedir(), '.cache'), 'mobilenetv2')
}

/** A cache in a folder, which is created with the first file. The record of the file `NAME` is `NAME.json`. */
export function createFileStore(folder: string = cacheFolder()): ModelStore {
  const pathOf = (name: string): string => join(folder, name)
  const statsOf = (path: string): Promise<Stats | null> =>
    stat(path).catch((cause) => (isMissing(cause) ? null : cannotBe('read', path)(cause)))
  const sizeOf = async (name: string): Promise<number | null> => {
    const found = await statsOf(pathOf(name))
    if (found === null || found.isFile()) return found?.size ?? null
    throw notAFile(pathOf(name))
  }
  const remove = (name: string): Promise<void> => rm(pathOf(name), { force: true }).catch(cannotBe('written', pathOf(name)))
  return {
    where: folder,
    notice: null,
    pathOf,
    async record(name) {
      const path = pathOf(`${name}.json`)
      const found = await statsOf(path)
      if (found === null) return null
      if (!found.isFile() || found.size > longestRecord) return 'broken'
      return parseRecord(name, await readFile(path, 'utf8').catch(cannotBe('read', path)))
    },
    sizeOf,
    sha256: (name) => sha256OfFile(pathOf(name)).catch(cannotBe('read', pathOf(name))),
    read: (name) => readFile(pathOf(name)).catch(cannotBe('read', pathOf(name))),
    async remove(name, keepRecord = false) {
      const was = (await sizeOf(name)) !== null
      await remove(name)
      if (!keepRecord) await remove(`${name}.json`)
      const partial = pathOf(`${name}.part`)
      await rm(partial, { recursive: true, force: true }).catch(cannotBe('written', partial))
      return was
    },
    async openPartial(name) {
      await mkdir(folder, { recursive: true }).catch(cannotBe('written', folder))
      return openFilePartial(folder, name)
    },
  }
}
