import { messageOf } from '@mobilenetv2/spec'
import { missingFile, unusableCache } from '../refusals.js'
import { parseRecord } from './file-record.js'
import { createMemoryPartial } from './memory-partial.js'
import { createMemoryStore } from './memory-store.js'
import { sha256Of } from './sha256.js'
import type { ModelStore } from './store.js'

/** The keys of the Cache API are addresses. By RFC 2606 this host does not exist. */
const keyPrefix = 'https://zoo.mobilenetv2.invalid/'
const recordSuffix = '?record'

const keyOf = (name: string): string => keyPrefix + encodeURIComponent(name)

function createCacheStore(cache: Cache, place: string): ModelStore {
  const where = `the browser's cache ${place}`
  /** Turns a failure into an error that says more. A browser may refuse any call, and its own error says little. */
  const ask = <T>(work: Promise<T>): Promise<T> =>
    work.catch((cause) => {
      throw unusableCache(where, messageOf(cause), cause)
    })
  const read = async (name: string): Promise<Uint8Array<ArrayBuffer>> => {
    const response = await ask(cache.match(keyOf(name)))
    if (response === undefined) throw missingFile(name, where)
    return new Uint8Array(await ask(response.arrayBuffer()))
  }
  return {
    where,
    notice: null,
    pathOf: (name) => `${place}/${name}`,
    async record(name) {
      const response = await ask(cache.match(keyOf(name) + recordSuffix))
      return response === undefined ? null : parseRecord(name, await ask(response.text()))
    },
    async sizeOf(name) {
      const response = await ask(cache.match(keyOf(name)))
      return response === undefined ? null : (await ask(response.blob())).size
    },
    sha256: async (name) => sha256Of(await read(name)),
    read,
    async remove(name, keepRecord = false) {
      if (!keepRecord) await ask(cache.delete(keyOf(name) + recordSuffix))
      return ask(cache.delete(keyOf(name)))
    },
    openPartial: async () =>
      createMemoryPartial(async (bytes, committed) => {
        await cache.put(keyOf(committed.name) + recordSuffix, Response.json(committed))
        await cache.put(keyOf(committed.name), new Response(bytes))
      }),
  }
}

const forgets = (why: string): ModelStore => createMemoryStore(`Kept in memory until the page is closed: ${why}.`)

/** The first store, with memory for files for which it has no room. If the first store cannot be read, all files go into memory. */
function withSpareMemory(first: ModelStore): ModelStore {
  let store = first
  let spare: ModelStore | null = null
  const holderOf = async (name: string): Promise<ModelStore> =>
    spare !== null && (await spare.sizeOf(name)) !== null ? spare : store
  return {
    where: first.where,
    get notice() {
      return spare?.notice ?? store.notice
    },
    pathOf: first.pathOf,
    record: async (name) => (await holderOf(name)).record(name),
    async sizeOf(name) {
      const holder = await holderOf(name)
      try {
        return await holder.sizeOf(name)
      } catch (error) {
        spare ??= forgets(`the browser's cache cannot be used (${messageOf(error instanceof Error ? error.cause : error)})`)
        store = spare
        return null
      }
    },
    sha256: async (name) => (await holderOf(name)).sha256(name),
    read: async (name) => (await holderOf(name)).read(name),
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
          spare ??= forgets(`the browser would not store it (${messageOf(error)})`)
          await keep(spare)
        }
      }),
  }
}

async function open(name: string): Promise<ModelStore> {
  if (globalThis.caches === undefined) return forgets('this page has no Cache API, which needs https')
  try {
    return withSpareMemory(createCacheStore(await caches.open(name), name))
  } catch (error) {
    return forgets(`the Cache API refused (${messageOf(error)})`)
  }
}

const opened = new Map<string, Promise<ModelStore>>()

/**
 * The browser's cache of this name. If the page has no Cache API or the browser no room, files are kept in memory, and `notice` says so.
 * The same name gives the same store, so that files in memory are found again.
 */
export function openCacheStore(name = 'mobilenetv2'): Promise<ModelStore> {
  const found = opened.get(name) ?? open(name)
  opened.set(name, found)
  return found
}
