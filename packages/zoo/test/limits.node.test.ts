import { existsSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { describe, expect, it, vi } from 'vitest'
import type { Fetch } from '../src/download/fetch.js'
import { type TransferOptions, transfer } from '../src/download/transfer.js'
import { readCachedUrl, readCachedUrlIfThere } from '../src/index.js'
import { openModelFile } from '../src/model-file.js'
import type { PartialFile } from '../src/store/store.js'
import { cache, get, refusal } from './download-setup.js'
import { content, shortPatience, testEntry } from './test-entry.js'

const url = 'https://server.test/model.bin'

/** A body that gives nothing, and that knows of no signal. */
function silentBody(onCancel: () => void = () => {}): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: () => new Promise(() => {}), cancel: onCancel })
}

describe('a fetch that knows of no signal', () => {
  const never: [string, Fetch][] = [
    ['never answers', () => new Promise(() => {})],
    ['answers with a body that never comes', async () => new Response(silentBody())],
  ]

  it.each(never)("is left with the signal's reason if it %s", async (_, fetch) => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const called = vi.fn(fetch)
    const download = get([url], {}, { fetch: called as Fetch, signal: controller.signal })
    const ended = expect(download).rejects.toBe(reason)
    await vi.waitUntil(() => called.mock.calls.length > 0)
    controller.abort(reason)
    await ended
  })

  it.each(never)('is left after the longest stall if it %s', async (_, fetch) => {
    const patience = { ...shortPatience, attempts: 2, longestStall: 20 }
    const message = await refusal(openModelFile(testEntry([url]), { cache, fetch }, patience))
    expect(message).toContain('nothing arrived for 0.02 s, after 2 attempts')
  })

  it('is told that its body is no longer wanted', async () => {
    const onCancel = vi.fn()
    const fetch: Fetch = async () => new Response(silentBody(onCancel))
    const patience = { ...shortPatience, attempts: 1, longestStall: 20 }
    await refusal(openModelFile(testEntry([url]), { cache, fetch }, patience))
    expect(onCancel).toHaveBeenCalledOnce()
  })

  it('may answer without a body: the file is empty then', async () => {
    expect(await readCachedUrl(url, 10, { cache, fetch: async () => new Response(null) })).toHaveLength(0)
  })
})

describe('the length of a download', () => {
  const mebibyte = new Uint8Array(2 ** 20)

  /** Transfers a file of so many MiB, of which nothing is kept. Returns the bytes that came. */
  async function transferred(mebibytes: number, headers: HeadersInit, mostBytes: number): Promise<number> {
    let length = 0
    const partial: Partial<PartialFile> = {
      get length() {
        return length
      },
      validator: null,
      restart: async () => {},
      async append(chunk) {
        length += chunk.length
      },
    }
    let left = mebibytes
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => (left-- > 0 ? controller.enqueue(mebibyte) : controller.close()),
    })
    const options: TransferOptions = {
      fetch: async () => new Response(body, { headers }),
      bytes: null,
      mostBytes,
      longestStall: 60_000,
    }
    await transfer(url, partial as PartialFile, options)
    return length
  }

  it('is limited by what is asked for, if the server states it', async () => {
    const headers = { 'content-length': String(300 * 2 ** 20) }
    expect(await transferred(300, headers, 2 ** 30)).toBe(300 * 2 ** 20)
    await expect(transferred(300, headers, 2 ** 20)).rejects.toThrow('has 314572800 bytes, expected at most 1048576')
  })

  it('is at most 256 MiB if the server does not state it, or states less than comes', async () => {
    for (const headers of [{}, { 'content-length': '1000' }]) {
      await expect(transferred(300, headers, 2 ** 30)).rejects.toThrow('more than 268435456 bytes, expected at most 268435456')
      await expect(transferred(3, headers, 2 ** 21)).rejects.toThrow('more than 2097152 bytes, expected at most 2097152')
    }
  })
})

describe('a file of the cache that is too long', () => {
  it('is not read, and said to be too long', async () => {
    const file = join(cache, 'model.bin')
    writeFileSync(file, '')
    // A hole in the file: it takes no room.
    truncateSync(file, 2 ** 36)
    const message = await refusal(openModelFile(testEntry([]), { cache }, shortPatience))
    expect(message).toMatch(
      /A file in the cache is longer than is allowed[\s\S]*expected: at most \d+ bytes\s+got: 68719476736 bytes/,
    )
    expect(await refusal(get([]))).toBe(message)
    expect(existsSync(file)).toBe(true)
  })

  it('for one reader stays for another one', async () => {
    const fetch = vi.fn(async () => new Response(new Uint8Array(content)))
    const options = { cache, fetch }
    await readCachedUrl(url, content.length, options)
    expect(await readCachedUrlIfThere(url, content.length - 1, options)).toBe(null)
    await expect(readCachedUrl(url, content.length - 1, options)).rejects.toMatchObject({
      code: 'SOURCE',
      details: { expected: `at most ${content.length - 1} bytes`, got: `${content.length} bytes` },
    })
    expect(await readCachedUrlIfThere(url, content.length, options)).toHaveLength(content.length)
    expect(fetch).toHaveBeenCalledOnce()
  })
})

it('a file that is too long is not downloaded, and left out if it need not be had', async () => {
  const options = { cache, fetch: async () => new Response('eleven char') }
  await expect(readCachedUrl(url, 10, options)).rejects.toBeInstanceOf(MobileNetV2Error)
  expect(await readCachedUrlIfThere(url, 10, options)).toBe(null)
  expect(await readCachedUrl(url, 11, options)).toHaveLength(11)
})
