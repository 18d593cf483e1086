import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { type ReadProgress, readCheckpoint, toOnnx } from '../src/index.js'
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
    details: { got: '404 Not Found' },
  })
  expect((await refusalOf(() => readCheckpoint(response({ 'content-length': String(2 ** 31) })))).message).toContain(
    'longer than any',
  )
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
  expect((await refusalOf(() => readCheckpoint(stream))).message).toContain('longer than any')
  expect(cancelled).toBe(true)
})

test('a signal ends it with its reason, and cancels the stream', async () => {
  const { stream, cancelled } = pieces(100)
  const controller = new AbortController()
  const reading = readCheckpoint(stream, { signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) })
  await expect(reading).rejects.toThrow('enough')
  expect(cancelled()).toBe(true)
})

test('what a stream throws comes through', async () => {
  const stream = new ReadableStream<Uint8Array>({ pull: () => Promise.reject(new TypeError('network error')) })
  await expect(readCheckpoint(stream)).rejects.toThrow('network error')
})
