import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import { openModelFile } from '../src/model-file.js'
import { cache, cut, expectRightFile, get, good, refusal, start } from './download-setup.js'
import { type Behaviour, sendPart, serve } from './fault-server.js'
import { content, hash, shortPatience, testEntry } from './test-entry.js'

describe('a good server', () => {
  it('gives the file, with progress up to its length', async () => {
    const server = await start(good)
    const progress: { loaded: number; total: number | null }[] = []
    const found = await get([server.url], {}, { onProgress: (now) => progress.push(now) })
    expect(found).toEqual({
      file: join(cache, 'model.bin'),
      bytes: content.length,
      sha256: hash,
      origin: `Downloaded from ${server.url} into ${cache}.`,
    })
    expect(progress[0]).toEqual({ loaded: 0, total: content.length })
    expect(progress.at(-1)).toEqual({ loaded: content.length, total: content.length })
    expect(progress.every(({ loaded }, index) => loaded >= (progress[index - 1]?.loaded ?? 0))).toBe(true)
    expectRightFile()
  })

  it('is asked once: then the file comes from the cache, and without a network', async () => {
    const server = await start(good)
    await get([server.url])
    await server.close()
    const opened = await openModelFile(testEntry([server.url]), { cache }, shortPatience)
    expect(Buffer.from(opened.content).equals(content)).toBe(true)
    expect(server.ranges).toEqual([undefined])
  })

  it('may redirect', async () => {
    const server = await start((request, response) => {
      if (request.url === '/there') return serve(content, request, response)
      return response.writeHead(302, { location: '/there' }).end()
    })
    await get([server.url])
    expectRightFile()
  })

  it('may compress: then its Content-Length is not the file', async () => {
    const packed = gzipSync(content)
    const server = await start((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length }).end(packed),
    )
    await get([server.url])
    expectRightFile()
  })

  it('may be slow', async () => {
    const server = await start(async (_, response) => {
      response.setHeader('content-length', content.length)
      for (let offset = 0; offset < content.length; offset += 50_000) {
        response.write(content.subarray(offset, offset + 50_000))
        await pause(100)
      }
      response.end()
    })
    await get([server.url])
    expectRightFile()
  })
})

describe('a wrong file', () => {
  it('is refused for its length before it is read', async () => {
    const server = await start(good)
    expect(await refusal(get([server.url], { bytes: 1234 }))).toContain('the file has 300000 bytes, expected 1234')
    expect(server.ranges.length).toBe(1)
    expect(readdirSync(cache)).toEqual([])
  })

  it('is refused if it has no end, after as many bytes as such a model can have', async () => {
    const server = await start(async (_, response) => {
      while (!response.destroyed) {
        response.write(content)
        await pause(1)
      }
    })
    expect(await refusal(get([server.url]))).toMatch(/the file has more than \d+ bytes, expected at most \d+/)
    expect(server.ranges.length).toBe(1)
  })

  it('is refused for its hash, named and deleted, and not asked for again', async () => {
    const wrong = Buffer.from(content).fill(0, 1000, 2000)
    const server = await start((request, response) => serve(wrong, request, response))
    const message = await refusal(get([server.url]))
    expect(message).toContain(`${server.url}: refused and deleted: its SHA-256 is `)
    expect(message).toContain(`expected ${hash}`)
    expect(server.ranges.length).toBe(1)
    expect(readdirSync(cache)).toEqual([])
  })

  it('is refused if it is cut off but its answer seems whole', async () => {
    const server = await start((_, response) => response.end(content.subarray(0, 5000)))
    expect(await refusal(get([server.url]))).toContain('refused and deleted')
  })

  it('is told by the first digits of a hash as well', async () => {
    const server = await start(good)
    await get([server.url], { sha256: hash.slice(0, 8) })
    expectRightFile()
    rmSync(join(cache, 'model.bin'))
    rmSync(join(cache, 'model.bin.json'))
    expect(await refusal(get([server.url], { sha256: '00000000' }))).toContain('expected 00000000')
  })
})

describe('a status', () => {
  it.each([404, 403, 410, 401])('%s is final', async (status) => {
    const server = await start((_, response) => response.writeHead(status).end('no'))
    const message = await refusal(get([server.url]))
    expect(message).toContain(`${server.url}: HTTP status ${status}`)
    expect(message).toMatch(
      /one of: \(1\) put the file into a folder.*\(2\) download the model on another machine.*\(3\) give the file's path/,
    )
    expect(server.ranges.length).toBe(1)
  })

  it.each([500, 503, 408, 429])('%s may pass', async (status) => {
    const server = await start((request, response, nth) =>
      nth < 3 ? response.writeHead(status).end() : serve(content, request, response),
    )
    await get([server.url])
    expectRightFile()
  })

  it('429 with Retry-After is waited for', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout')
    const server = await start((request, response, nth) =>
      nth === 1 ? response.writeHead(429, { 'retry-after': '1' }).end() : serve(content, request, response),
    )
    await get([server.url], { bytes: content.length })
    expect(timers.mock.calls.filter(([, milliseconds]) => milliseconds === 1000).length).toBe(1)
    timers.mockRestore()
    expectRightFile()
  })

  it('429 with a Retry-After of an hour is given up, and says how long', async () => {
    const server = await start((_, response) => response.writeHead(429, { 'retry-after': '3600' }).end())
    expect(await refusal(get([server.url]))).toContain('HTTP status 429 Too Many Requests, to be tried again after 3600 s')
    expect(server.ranges.length).toBe(1)
  })

  it('of a redirect that leads back to itself is final', async () => {
    const server = await start((_, response) => response.writeHead(302, { location: '/model.bin' }).end())
    expect(await refusal(get([server.url]))).toContain('a redirect to')
    expect(server.ranges.length).toBeLessThan(25)
  })
})

describe('mirrors', () => {
  it.each([
    ['is gone', (_, response) => response.writeHead(404).end()],
    ['has another file', (request, response) => serve(Buffer.from('another'), request, response)],
    ['is cut', (_, response) => sendPart(content, response, 1000).then(() => cut(response, 1000))],
  ] satisfies [string, Behaviour][])('are tried in their order: the first %s', async (_, behaviour) => {
    const [first, second] = [await start(behaviour), await start(good)]
    expect((await get([first.url, second.url])).origin).toContain(second.url)
    expect(second.ranges).toEqual([undefined])
    expectRightFile()
  })

  it('that all fail are all named with their reasons', async () => {
    const [gone, unreachable] = [await start((_, response) => response.writeHead(404).end()), await start(good)]
    await unreachable.close()
    const message = await refusal(get([gone.url, unreachable.url]))
    expect(message).toContain(`${gone.url}: HTTP status 404`)
    expect(message).toMatch(/fetch failed: connect ECONNREFUSED 127\.0\.0\.1:\d+, after 3 attempts/)
  })
})
