import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cache, cut, expectRightFile, get, good, refusal, start } from './download-setup.js'
import { type Behaviour, sendPart, serve } from './fault-server.js'
import { content } from './test-entry.js'

/** Downloads until 100,000 bytes are there, and gives up. */
async function interrupt(urls: readonly string[]): Promise<void> {
  const controller = new AbortController()
  const onProgress = ({ loaded }: { loaded: number }): void => {
    if (loaded === 100_000) controller.abort(new Error('enough'))
  }
  await expect(get(urls, {}, { signal: controller.signal, onProgress })).rejects.toThrow('enough')
  expect(readdirSync(cache)).toEqual(['model.bin.part'])
}

describe('a download that is cut in the middle', () => {
  it('goes on where it was cut, as often as it gets further', async () => {
    const server = await start(async (request, response, nth) => {
      if (nth === 7) return serve(content, request, response)
      const begin = Number(request.headers.range?.match(/\d+/)?.[0] ?? 0)
      if (begin > 0) {
        response.statusCode = 206
        response.setHeader('content-range', `bytes ${begin}-${content.length - 1}/${content.length}`)
      }
      await sendPart(content.subarray(begin), response, 40_000)
      await cut(response, begin + 40_000)
    })
    await get([server.url])
    expect(server.ranges).toEqual([undefined, ...[1, 2, 3, 4, 5, 6].map((parts) => `bytes=${40_000 * parts}-`)])
    expectRightFile()
  })

  it('goes on after a stall', async () => {
    const server = await start((request, response, nth) =>
      nth === 1 ? sendPart(content, response, 100_000) : serve(content, request, response),
    )
    await get([server.url])
    expect(server.ranges).toEqual([undefined, 'bytes=100000-'])
    expectRightFile()
  })

  it.each([
    ['refuses the range with all of the file', good],
    [
      'answers 416',
      (request, response) => (request.headers.range ? response.writeHead(416).end() : serve(content, request, response)),
    ],
    [
      'sends another range',
      (request, response) => {
        if (!request.headers.range) return serve(content, request, response)
        return response
          .writeHead(206, { etag: '"one"', 'content-range': `bytes 5-${content.length - 1}/${content.length}` })
          .end('x')
      },
    ],
    ['has another file by now', (request, response) => serve(content, request, response, '"two"')],
  ] satisfies [string, Behaviour][])('starts anew if the server %s', async (name, later) => {
    const server = await start(async (request, response, nth) => {
      if (nth === 1) {
        await sendPart(name.startsWith('has another') ? Buffer.alloc(content.length) : content, response, 100_000)
        return cut(response, 100_000)
      }
      if (name.startsWith('refuses')) delete request.headers.range
      return later(request, response, nth)
    })
    await get([server.url])
    expect(server.ranges[1]).toBe('bytes=100000-')
    expectRightFile()
  })

  it.each([null, 'W/"weak"'])('starts anew if the ETag (%s) cannot tell whether the file is the same', async (etag) => {
    const server = await start(async (request, response, nth) => {
      if (nth > 1) return serve(content, request, response, etag)
      await sendPart(content, response, 100_000, etag)
      return cut(response, 100_000)
    })
    await get([server.url])
    expect(server.ranges).toEqual([undefined, undefined])
    expectRightFile()
  })

  it('is given up if it never gets further, and says so', async () => {
    const server = await start(async (_, response) => {
      await sendPart(content, response, 1000, null)
      await cut(response, 1000)
    })
    expect(await refusal(get([server.url]))).toMatch(/model\.bin: terminated: .*, after 3 attempts/)
    expect(server.ranges.length).toBe(3)
    expect(readdirSync(cache)).toEqual([])
  })

  it('is seen even if only the stated length tells of it', async () => {
    const fetch = async (): Promise<Response> => new Response(new Uint8Array(1000), { headers: { 'content-length': '300000' } })
    expect(await refusal(get(['https://localhost/'], {}, { fetch }))).toContain(
      'cut off after 1000 of 300000 bytes, after 3 attempts',
    )
  })

  it('is given up if nothing arrives at all', async () => {
    const server = await start(() => {})
    expect(await refusal(get([server.url]))).toContain('nothing arrived for 1.1 s, after 3 attempts')
  })
})

describe('a signal', () => {
  it('ends the download with its reason; the next one goes on from there', async () => {
    const server = await start((request, response, nth) =>
      nth === 1 ? sendPart(content, response, 100_000) : serve(content, request, response),
    )
    await interrupt([server.url])
    await get([server.url])
    expect(server.ranges).toEqual([undefined, 'bytes=100000-'])
    expectRightFile()
  })

  it('that was aborted before ends it at once', async () => {
    const server = await start(good)
    await expect(get([server.url], {}, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before')
    expect(server.ranges).toEqual([])
  })

  it('ends a wait as well', async () => {
    const controller = new AbortController()
    const server = await start((_, response) => {
      response.writeHead(429, { 'retry-after': '2' }).end()
      setTimeout(() => controller.abort(new Error('no patience')), 50)
    })
    await expect(get([server.url], {}, { signal: controller.signal })).rejects.toThrow('no patience')
  })
})

describe('what an earlier process left', () => {
  it('is not trusted if it is damaged: the file is downloaded again', async () => {
    const server = await start((request, response, nth) =>
      nth === 1 ? sendPart(content, response, 100_000) : serve(content, request, response),
    )
    await interrupt([server.url])
    const part = join(cache, 'model.bin.part', 'bytes')
    writeFileSync(part, readFileSync(part).fill(7, 0, 10))
    await get([server.url])
    expect(server.ranges).toEqual([undefined, 'bytes=100000-', undefined])
    expectRightFile()
  })

  it('is not resumed from another address', async () => {
    const [first, second] = [await start((_, response) => sendPart(content, response, 100_000)), await start(good)]
    await interrupt([first.url])
    await get([second.url])
    expect(second.ranges).toEqual([undefined])
    expectRightFile()
  })
})
