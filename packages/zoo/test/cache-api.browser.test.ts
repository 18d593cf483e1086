import { afterEach, describe, expect, it, vi } from 'vitest'
import { listCachedModels, openZooModel, prefetchModel, removeCachedModel } from '../src/index.js'

// Caches are kept for a page, so each test has one of its own.
let count = 0
function freshCache(): string {
  count += 1
  return `zoo-test-${count}-${crypto.randomUUID()}`
}

const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251)

function countingFetch(): { fetch: typeof fetch; count: () => number } {
  let calls = 0
  return {
    count: () => calls,
    fetch: async () => {
      calls += 1
      return new Response(bytes)
    },
  }
}

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe('the Cache API', () => {
  it('keeps what was downloaded, lists it, and takes it away', async () => {
    const cache = freshCache()
    const { fetch, count: calls } = countingFetch()
    expect(await listCachedModels({ cache })).toEqual([])
    const first = await openZooModel('keras-0.35-96', { cache, fetch })
    const second = await openZooModel('keras-0.35-96', { cache, fetch })
    expect([first.bytes, second.bytes, calls()]).toEqual([bytes, bytes, 1])
    expect(second.origin).toMatch(/^Downloaded from https:.*\.h5 into the browser's cache zoo-test-[\w-]+\.$/)
    expect((await listCachedModels({ cache })).map(({ entry, bytes: length }) => [entry.id, length])).toEqual([
      ['keras-0.35-96', bytes.length],
    ])
    expect(await caches.has(cache)).toBe(true)
    expect([await removeCachedModel('keras-0.35-96', { cache }), await removeCachedModel('keras-0.35-96', { cache })]).toEqual([
      true,
      false,
    ])
    await prefetchModel('keras-0.35-96', { cache, fetch })
    expect(calls()).toBe(2)
    await caches.delete(cache)
  })

  it('is not trusted: a file that has changed is refused and deleted, and downloaded again', async () => {
    const cache = freshCache()
    const { fetch } = countingFetch()
    await prefetchModel('keras-0.35-96', { cache, fetch })
    const store = await caches.open(cache)
    const key = (await store.keys()).find(({ url }) => url.endsWith('.h5'))!
    await store.put(key, new Response(bytes.map((value) => value ^ 1)))
    await expect(openZooModel('keras-0.35-96', { cache, fetch })).rejects.toThrow('the file was deleted')
    const other: typeof globalThis.fetch = async () => new Response('another file')
    await expect(openZooModel('keras-0.35-96', { cache, fetch: other })).rejects.toThrow(/refused and deleted: its SHA-256 is/)
    expect((await openZooModel('keras-0.35-96', { cache, fetch })).bytes).toEqual(bytes)
    await caches.delete(cache)
  })

  it('that has no room leaves the file in memory, and the model says so', async () => {
    const cache = freshCache()
    const { fetch, count: calls } = countingFetch()
    vi.spyOn(Cache.prototype, 'put').mockRejectedValue(new DOMException('Quota exceeded.', 'QuotaExceededError'))
    const opened = await openZooModel('keras-0.35-96', { cache, fetch })
    expect(opened.origin).toMatch(/Kept in memory until the page is closed: the browser would not store it \(Quota exceeded\.\)\.$/)
    await openZooModel('keras-0.35-96', { cache, fetch })
    expect(calls()).toBe(1)
    expect((await listCachedModels({ cache })).length).toBe(1)
    expect([await removeCachedModel('keras-0.35-96', { cache }), await listCachedModels({ cache })]).toEqual([true, []])
    await caches.delete(cache)
  })
})

describe('a Cache API that fails', () => {
  it('when it is asked leaves the file in memory, and the model says so', async () => {
    const cache = freshCache()
    const { fetch, count: calls } = countingFetch()
    vi.spyOn(Cache.prototype, 'match').mockRejectedValue(new DOMException('Internal error.', 'UnknownError'))
    const opened = await openZooModel('keras-0.35-96', { cache, fetch })
    expect(opened.origin).toMatch(
      /Kept in memory until the page is closed: the browser's cache cannot be used \(Internal error\.\)\.$/,
    )
    expect((await openZooModel('keras-0.35-96', { cache, fetch })).bytes).toEqual(bytes)
    expect([calls(), (await listCachedModels({ cache })).length]).toEqual([1, 1])
  })

  it('when a file is read is named', async () => {
    const cache = freshCache()
    const { fetch } = countingFetch()
    await prefetchModel('keras-0.35-96', { cache, fetch })
    vi.spyOn(Response.prototype, 'arrayBuffer').mockRejectedValue(new DOMException('Internal error.', 'UnknownError'))
    const error = await openZooModel('keras-0.35-96', { cache, fetch }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'SOURCE', message: expect.stringContaining("The browser's cache cannot be used.") })
  })

  it('when it is opened leaves the file in memory', async () => {
    const { fetch } = countingFetch()
    vi.spyOn(CacheStorage.prototype, 'open').mockRejectedValue(new DOMException('The operation is insecure.', 'SecurityError'))
    const opened = await openZooModel('keras-0.35-96', { cache: freshCache(), fetch })
    expect(opened.origin).toContain('the Cache API refused (The operation is insecure.)')
  })

  it('to keep a record that can be understood hides no other model, and the file is downloaded again', async () => {
    const cache = freshCache()
    const { fetch } = countingFetch()
    await prefetchModel('keras-0.35-96', { cache, fetch })
    await prefetchModel('keras-1.0-224', { cache, fetch })
    const store = await caches.open(cache)
    const key = (await store.keys()).find(({ url }) => url.endsWith('_0.35_96.h5?record'))!
    for (const text of ['', 'null', '5', '{"name":"../x"}']) {
      await store.put(key, new Response(text))
      expect((await listCachedModels({ cache })).map(({ entry }) => entry.id)).toEqual(['keras-1.0-224'])
    }
    await expect(openZooModel('keras-0.35-96', { cache, fetch })).rejects.toThrow('a broken record of it; the file was deleted')
    expect((await openZooModel('keras-0.35-96', { cache, fetch })).bytes).toEqual(bytes)
    await caches.delete(cache)
  })
})

describe('a page without the Cache API', () => {
  it('keeps files in memory, and the model says so', async () => {
    vi.stubGlobal('caches', undefined)
    const cache = freshCache()
    const { fetch, count: calls } = countingFetch()
    const opened = await openZooModel('keras-0.35-96', { cache, fetch })
    expect(opened.origin).toMatch(/into memory\. Kept in memory until the page is closed: this page has no Cache API/)
    expect((await openZooModel('keras-0.35-96', { cache, fetch })).bytes).toEqual(bytes)
    expect([calls(), (await listCachedModels({ cache })).length]).toEqual([1, 1])
  })
})

describe('an error in a browser', () => {
  it('names the ways to supply a file there', async () => {
    await expect(openZooModel('imagenet-1.0-224', { cache: freshCache() })).rejects.toThrow(
      /one of: \(1\) serve the file beside the page.*\(2\) let the user choose the file.*\(3\) call prefetchModel while there is a network/,
    )
  })

  it('of a body that is cut is tried again, and goes on at the cut if the server tells its ETag', async () => {
    const ranges: (string | null)[] = []
    const fetch: typeof globalThis.fetch = async (_, init) => {
      ranges.push(new Headers(init?.headers).get('range'))
      if (ranges.length > 1) {
        return new Response(bytes.subarray(40_000), {
          status: 206,
          headers: { etag: '"one"', 'content-range': `bytes 40000-${bytes.length - 1}/${bytes.length}` },
        })
      }
      const chunks = [bytes.subarray(0, 40_000)]
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          const chunk = chunks.shift()
          if (chunk === undefined) controller.error(new TypeError('network error'))
          else controller.enqueue(chunk)
        },
      })
      return new Response(body, { headers: { etag: '"one"', 'content-length': String(bytes.length) } })
    }
    expect((await openZooModel('keras-0.35-96', { cache: freshCache(), fetch })).bytes).toEqual(bytes)
    expect(ranges).toEqual([null, 'bytes=40000-'])
  })
})
