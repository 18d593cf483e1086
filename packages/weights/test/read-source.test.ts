import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { type ByteSource, type ReadProgress, readCheckpoint, readSource, toOnnx } from '../src/index.js'
import { refusalOf } from './support/expect-refusal.js'

const architecture = defineMobileNetV2({ widthMultiplier: 0.1, headChannels: 16, classes: 3, height: 32, width: 32 })
const file = toOnnx({ architecture, parameters: seededParameters(architecture) })
const whole = await readCheckpoint(file)

/** A stream of the file in pieces of `step` bytes, and whether it was cancelled. */
function pieces(step: number, bytes = file): { stream: ReadableStream<Uint8Array>; cancelled: () => boolean } {
  let [at, cancelled] = [0, false]
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(bytes.slice(at, at + step))
      at += step
      if (at >= bytes.length) controller.close()
    },
    cancel() {
      cancelled = true
    },
  })
  return { stream, cancelled: () => cancelled }
}

function locked(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  stream.getReader()
  return stream
}

async function used(response: Response): Promise<Response> {
  await response.text()
  return response
}

const tooLong = { code: 'SOURCE', message: expect.stringContaining('too long') }

const response = (headers: Record<string, string> = {}, step = 1000): Response => new Response(pieces(step).stream, { headers })

test.each([
  ['a stream', () => pieces(777).stream, null],
  ['a response of a known length', () => response({ 'content-length': String(file.length) }), file.length],
  ['a response of no length', () => response(), null],
  ['a response that was compressed', () => response({ 'content-length': '50', 'content-encoding': 'gzip' }), null],
])('%s, with its progress', async (_, source, total) => {
  const progress: ReadProgress[] = []
  const checkpoint = await readCheckpoint(source(), { onProgress: (step) => progress.push(step) })
  expect(checkpoint).toEqual(whole)
  expect(progress.length).toBeGreaterThan(10)
  expect(progress.at(-1)).toEqual({ loaded: file.length, total })
  expect(progress.every(({ loaded }, index) => loaded > (progress[index - 1]?.loaded ?? 0))).toBe(true)
})

test('a response that holds more or less than it claims', async () => {
  for (const claimed of [1, 2500, file.length - 1, file.length + 1, 2 ** 29]) {
    const checkpoint = await readCheckpoint(response({ 'content-length': String(claimed) }))
    expect(checkpoint).toEqual(whole)
  }
})

test('an empty response, an error, and one that claims 2 GB', async () => {
  expect((await refusalOf(() => readCheckpoint(new Response(null)))).message).toContain('0 bytes')
  await expect(readCheckpoint(new Response('', { status: 404, statusText: 'Not Found' }))).rejects.toMatchObject({
    code: 'SOURCE',
    details: { got: 'HTTP status 404 Not Found' },
  })
  await expect(readCheckpoint(response({ 'content-length': String(2 ** 31) }))).rejects.toMatchObject(tooLong)
})

test('a stream without an end is cancelled at 256 MiB', async () => {
  const piece = new Uint8Array(2 ** 24)
  let cancelled = false
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(piece),
    cancel() {
      cancelled = true
    },
  })
  await expect(readCheckpoint(stream)).rejects.toMatchObject(tooLong)
  expect(cancelled).toBe(true)
})

test('a signal ends it with its reason, and cancels the stream', async () => {
  const { stream, cancelled } = pieces(100)
  const controller = new AbortController()
  const reading = readCheckpoint(stream, { signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) })
  await expect(reading).rejects.toThrow('enough')
  expect(cancelled()).toBe(true)
})

test('a signal ends a stream that gives nothing and never answers', async () => {
  const stream = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => {}), cancel: () => new Promise(() => {}) })
  const signal = AbortSignal.timeout(20)
  await expect(readCheckpoint(stream, { signal })).rejects.toThrow('timeout')
})

test('what a stream throws is the cause', async () => {
  const cause = new TypeError('fetch failed', { cause: new Error('read ECONNRESET') })
  let asked = 0
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => (asked++ === 0 ? controller.enqueue(new Uint8Array(7)) : Promise.reject(cause)),
  })
  await expect(readCheckpoint(stream, { file: 'a.pth' })).rejects.toMatchObject({
    code: 'SOURCE',
    details: {
      where: 'a.pth',
      got: 'fetch failed: read ECONNRESET, after 7 bytes',
      remedy: expect.stringContaining('try again'),
      cause,
    },
  })
})

test.each([
  ['a stream that was read', () => locked(pieces(9).stream), /locked/],
  ['a stream of text', () => new ReadableStream({ start: (controller) => controller.enqueue('text') }), /String, not bytes/],
  ['a response that was read', () => used(new Response('text')), /locked|disturbed|used/],
  ['a part of a file', () => new Response('text', { status: 206 }), /HTTP status 206/],
  ['an answer without a file', () => new Response(null, { status: 204 }), /HTTP status 204/],
  ['no source', () => ({}) as never, /Object/],
  ['an answer that a page may not see', () => Response.error(), /HTTP status 0/],
])('%s is refused', async (_, source, got) => {
  await expect(readCheckpoint(await source())).rejects.toMatchObject({
    code: 'SOURCE',
    details: { got: expect.stringMatching(got) },
  })
})

/** Whether a source gives the file. */
async function givesFile(source: ByteSource): Promise<boolean> {
  const bytes = await readSource(source, {}, { longest: file.length })
  return bytes.length === file.length && bytes.every((value, index) => value === file[index])
}

test('bytes in every form, and Blobs, with streams and without, as those of jsdom', async () => {
  const shared = new Uint8Array(new SharedArrayBuffer(file.length))
  shared.set(file)
  const own = file.slice()
  const inside = new Uint8Array(file.length + 7)
  inside.set(file, 5)
  const plain = new Blob([own])
  Object.defineProperty(plain, 'stream', { value: undefined })
  const view = new DataView(inside.buffer, 5, file.length)
  for (const source of [shared, shared.buffer, own.buffer, view, inside.subarray(5, 5 + file.length), new Blob([own]), plain]) {
    expect(await givesFile(source)).toBe(true)
  }
})

test('bytes are taken at the call', async () => {
  const own = file.slice()
  const reading = givesFile(own)
  own.fill(0)
  expect(await reading).toBe(true)
})

test('a long stream of short pieces takes little more than its bytes', async () => {
  const [piece, count] = [new Uint8Array(1), 300_000]
  let given = 0
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => (given++ < count ? controller.enqueue(piece) : controller.close()),
  })
  const bytes = await readSource(stream, {}, { longest: 2 ** 20 })
  expect([bytes.length, bytes.buffer.byteLength]).toEqual([count, count])
})
