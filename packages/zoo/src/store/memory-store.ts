import { missingFile } from '../refusals.js'
import { createMemoryPartial } from './memory-partial.js'
import { sha256Of } from './sha256.js'
import type { FileRecord, ModelStore } from './store.js'

/**
 * A store in memory, which lasts until the page is closed.
 * @param notice why files are kept in memory only
 */
export function createMemoryStore(notice: string): ModelStore {
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  const records = new Map<string, FileRecord>()
  const read = async (name: string): Promise<Uint8Array<ArrayBuffer>> => {
    const bytes = files.get(name)
    if (bytes === undefined) throw missingFile(name, 'memory')
    return bytes
  }
  return {
    where: 'memory',
    notice,
    pathOf: (name) => name,
    record: async (name) => records.get(name) ?? null,
    sizeOf: async (name) => files.get(name)?.length ?? null,
    sha256: async (name) => sha256Of(await read(name)),
    read,
    async remove(name, keepRecord = false) {
      if (!keepRecord) records.delete(name)
      return files.delete(name)
    },
    openPartial: async () =>
      createMemoryPartial(async (bytes, record) => {
        records.set(record.name, record)
        files.set(record.name, bytes)
      }),
  }
}
