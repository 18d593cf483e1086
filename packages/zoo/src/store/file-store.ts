import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { openFilePartial } from './file-partial.js'
import { sha256OfFile } from './file-tools.js'
import type { FileRecord, ModelStore } from './store.js'

/** The cache's folder: what `MOBILENETV2_CACHE` names, else `mobilenetv2` in the platform's folder of caches. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  const { MOBILENETV2_CACHE: named, XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = environment
  if (named) return named
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'mobilenetv2')
  if (platform === 'win32') return join(local || join(homedir(), 'AppData', 'Local'), 'mobilenetv2', 'Cache')
  return join(xdg || join(homedir(), '.cache'), 'mobilenetv2')
}

/** A cache in a folder of the file system, which is made when the first file comes. `NAME.json` says what is known of `NAME`. */
export function createFileStore(folder: string = cacheFolder()): ModelStore {
  const pathOf = (name: string): string => join(folder, name)
  const record = async (name: string): Promise<FileRecord | null> => {
    try {
      return JSON.parse(await readFile(pathOf(`${name}.json`), 'utf8'))
    } catch {
      return null
    }
  }
  const sizeOf = async (name: string): Promise<number | null> => {
    const found = await stat(pathOf(name)).catch(() => null)
    return found?.isFile() ? found.size : null
  }
  return {
    where: folder,
    notice: null,
    pathOf,
    record,
    sizeOf,
    sha256: (name) => sha256OfFile(pathOf(name)),
    read: (name) => readFile(pathOf(name)),
    async list() {
      const names = (await readdir(folder).catch(() => [])).filter((entry) => entry.endsWith('.json'))
      const records = await Promise.all(names.map((entry) => record(entry.slice(0, -'.json'.length))))
      const sizes = await Promise.all(records.map((found) => found && sizeOf(found.name)))
      return records.filter((found, index) => found !== null && sizes[index] !== null) as FileRecord[]
    },
    async remove(name, keepRecord = false) {
      const was = (await sizeOf(name)) !== null
      await rm(pathOf(name), { force: true })
      if (!keepRecord) await rm(pathOf(`${name}.json`), { force: true })
      await rm(pathOf(`${name}.part`), { recursive: true, force: true })
      return was
    },
    async openPartial(name) {
      try {
        await mkdir(folder, { recursive: true })
        return await openFilePartial(folder, name)
      } catch (cause) {
        throw new MobileNetV2Error('SOURCE', 'The cache of models cannot be written.', {
          where: folder,
          got: (cause as Error).message,
          remedy: 'name a folder that can be written in MOBILENETV2_CACHE',
          cause,
        })
      }
    },
  }
}
