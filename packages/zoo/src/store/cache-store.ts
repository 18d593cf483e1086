import { messageOf } from '@mobilenetv2/spec'
import { createMemoryPartial } from './memory-partial.js'
import { createMemoryStore } from './memory-store.js'
import { sha256Of } from './sha256.js'
import type { FileRecord, ModelStore } from './store.js'

/** Keys of the Cache API are addresses; by RFC 2606 this host does not exist. */
const keyPrefix = 'https://zoo.mobilenetv2.invalid/'
const recordSuffix = '?record'

const keyOf = (name: string): string => keyPrefix + encodeURIComponent(name)

function createCacheStore(cache: Cache, where: string): ModelStore {
  const record = async (name: string): Promise<FileRecord | null> => {
    const response = await cache.match(keyOf(name) + recordSuffix)
    return response === undefined ? null : response.json()
  }
  const read = async (name: string): Promise<Uint8Array<ArrayBuffer>> => {
    const response = await cache.match(keyOf(name))
    if (response === undefined) throw new Error(`${name} is not in the cache ${where}`)
    return new Uint8Array(await response.arrayBuffer())
  }
  return {
    where: `the browser's cache ${where}`,
    notice: null,
    pathOf: (name) => `${where}/${name}`,
    record,
    async sizeOf(name) {
      const response = await cache.match(keyOf(name))
      return response === undefined ? null : (await response.blob()).size
    },
    sha256: async (name) => sha256Of(await read(name)),
    read,
    async list() {
      const keys = (await cache.keys()).filter(({ url }) => url.startsWith(keyPrefix) && !url.endsWith(recordSuffix))
      const records = await Promise.all(keys.map(({ url }) => record(decodeURIComponent(url.slice(keyPrefix.length)))))
      return records.filter((found) => found !== null)
    },
    async remove(name, keepRecord = false) {
      if (!keepRecord) await cache.delete(keyOf(name) + recordSuffix)
      return cache.delete(keyOf(name))
    },
    openPartial: async () =>
      createMemoryPartial(async (bytes, committed) => {
        await cache.put(keyOf(committed.name) + recordSuffix, Response.json(committed))
        await cache.put(keyOf(committed.name), new Response(bytes))
      }),
  }
}

/** The first store, and memory for the files that it has no room for. */
function withSpareMemory(store: ModelStore): ModelStore {
  let spare: ModelStore | null = null
  const holderOf = async (name: string): Promise<ModelStore> =>
    spare !== null && (await spare.sizeOf(name)) !== null ? spare : store
  return {
    where: store.where,
    get notice() {
      return spare?.notice ?? store.notice
    },
    pathOf: store.pathOf,
    record: async (name) => (await holderOf(name)).record(name),
    sizeOf: async (name) => (await holderOf(name)).sizeOf(name),
    sha256: async (name) => (await holderOf(name)).sha256(name),
    read: async (name) => (await holderOf(name)).read(name),
    list: async () => [...(await store.list()), ...((await spare?.list()) ?? [])],
    remove: async (name, keepRecord) => (await holderOf(name)).remove(name, keepRecord),
    openPartial: async (name) =>
      createMemoryPartial(async (bytes, record) => {
        const keep = async (into: ModelStore): Promise<void> => {
          const partial = await into.openPartial(name)
          await partial.append(bytes)
          await partial.commit(record)
        }
        try {
          await keep(store)
        } catch (error) {
          spare ??= createMemoryStore(
            `Kept in memory until the page is closed: the browser would not store it (${messageOf(error)}).`,
          )
          await keep(spare)
        }
      }),
  }
}

async function open(name: string): Promise<ModelStore> {
  const memory = (why: string): ModelStore => createMemoryStore(`Kept in memory until the page is closed: ${why}.`)
  if (globalThis.caches === undefined) return memory('this page has no Cache API, which needs https')
  try {
    return withSpareMemory(createCacheStore(await caches.open(name), name))
  } catch (error) {
    return memory(`the Cache API refused (${messageOf(error)})`)
  }
}

const opened = new Map<string, Promise<ModelStore>>()

/**
 * The browser's cache of this name; where the browser has none for this page or no room, memory, as `notice` says. The same name
 * gives the same store, so that what is kept in memory is found again.
 */
export function openCacheStore(name = 'mobilenetv2'): Promise<ModelStore> {
  const found = opened.get(name) ?? open(name)
  opened.set(name, found)
  return found
}
