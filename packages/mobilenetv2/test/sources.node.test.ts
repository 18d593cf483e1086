import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { toSafetensors, toTfjs } from '@mobilenetv2/weights'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { load, readNetwork } from '../src/index.js'

const options = { widthMultiplier: 0.1, height: 32, width: 32, classes: 3, headChannels: 16 }
const architecture = defineMobileNetV2({ ...options, padding: 'same' })
const { modelJson, shards } = toTfjs({ architecture, parameters: seededParameters(architecture) })
const metadata = { packageName: '@teachablemachine/image', labels: ['Cat', 'Dog', 'Emu'], imageSize: 32 }

/** A model of TensorFlow.js in two files, and one that names its classes. */
const files: ReadonlyMap<string, Uint8Array | string> = new Map<string, Uint8Array | string>([
  ['model.json', JSON.stringify(modelJson)],
  ...shards.map(({ name, bytes }) => [name, bytes] as const),
  ['metadata.json', JSON.stringify(metadata)],
])
const labels = ['Cat', 'Dog', 'Emu']

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mobilenetv2-'))
  await mkdir(join(folder, 'web'))
  for (const [name, content] of files) await writeFile(join(folder, 'web', name), content)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a folder', () => {
  it('is a source: its path, with and without a slash, and its URL', async () => {
    for (const source of [join(folder, 'web'), `${join(folder, 'web')}/`, folder, pathToFileURL(join(folder, 'web')).href]) {
      const { classes, source: where } = await readNetwork(source)
      expect([classes.labels, where.file.endsWith('web/model.json')], source).toEqual([labels, true])
    }
  })

  it('is looked into for a file that is given by its path', async () => {
    const { classes, reasons } = await readNetwork(join(folder, 'web', 'model.json'))
    expect(classes.labels).toEqual(labels)
    expect(reasons).toContain('labels of 3 classes: metadata.json beside the file names them')
  })

  it('without a checkpoint, or with several, is refused with what is there', async () => {
    const other = join(folder, 'other')
    await mkdir(other)
    await writeFile(join(other, 'notes.md'), '')
    await expect(readNetwork(other)).rejects.toMatchObject({ code: 'CHECKPOINT', message: expect.stringContaining('notes.md') })
    await cp(join(folder, 'web', 'metadata.json'), join(other, 'a.onnx'))
    await cp(join(folder, 'web', 'metadata.json'), join(other, 'b.onnx'))
    await expect(readNetwork(other)).rejects.toMatchObject({ message: expect.stringContaining('a.onnx, b.onnx') })
  })

  it('that lacks a part of the model: the part is named', async () => {
    const part = join(folder, 'part')
    await mkdir(part)
    await writeFile(join(part, 'model.json'), files.get('model.json')!)
    const details = { expected: expect.stringContaining(`${shards[0]!.name}, beside model.json`) }
    await expect(readNetwork(part)).rejects.toMatchObject({ code: 'CHECKPOINT', details })
    await rm(part, { recursive: true })
  })
})

describe('files of a page', () => {
  const asFiles = (prefix: string): File[] =>
    Array.from(files, ([name, content]) => {
      const file = new File([content as BlobPart], name)
      if (prefix !== '') Object.defineProperty(file, 'webkitRelativePath', { value: `${prefix}${name}` })
      return file
    })

  it('by their names, and by their paths in a folder', async () => {
    for (const [prefix, where] of [
      ['', 'model.json'],
      ['picked/web/', 'picked/web/model.json'],
    ] as const) {
      const progress: number[] = []
      const { classes, source } = await readNetwork(asFiles(prefix), { onProgress: ({ loaded }) => progress.push(loaded) })
      expect([classes.labels, source.file]).toEqual([labels, where])
      expect(progress.at(-1)).toBe(files.get('model.json')!.length)
    }
  })

  it('two of one name are refused', async () => {
    await expect(readNetwork([...asFiles(''), ...asFiles('')])).rejects.toMatchObject({ code: 'SOURCE' })
  })
})

describe('a server', () => {
  let server: Server
  let base: string
  let asked: string[]
  let status: number

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const { pathname } = new URL(request.url!, 'http://host')
      asked.push(pathname.slice(1))
      const content = await readFile(join(folder, 'web', pathname)).catch(() => null)
      response.statusCode = content === null ? status : 200
      response.end(content ?? '<!doctype html>')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })

  afterAll(() => void server.close())

  it.each([404, 403, 410, 200])('is asked for few files beside the model; status %i is no error', async (answer) => {
    asked = []
    status = answer
    const { classes } = await readNetwork(`${base}/model.json?token=1`)
    expect(classes.labels).toEqual(labels)
    expect(asked).toContain('metadata.json')
    expect(asked.length).toBeLessThanOrEqual(2 + shards.length + 8)
  })

  it('that fails for a file that need not be there is no error, and is said', async () => {
    asked = []
    status = 503
    const { reasons } = await readNetwork(`${base}/model.json`)
    expect(reasons.filter((reason) => reason.includes('HTTP status 503')).length).toBeGreaterThan(0)
  })

  it('that fails for a part of the model is an error', async () => {
    const failing: typeof fetch = async (input, init) =>
      String(input).endsWith(shards[0]!.name) ? new Response('', { status: 503 }) : fetch(input, init)
    await expect(readNetwork(`${base}/model.json`, { fetch: failing })).rejects.toMatchObject({
      code: 'SOURCE',
      message: expect.stringContaining('503'),
    })
  })

  it('that does not answer for a file that need not be there is no error', async () => {
    asked = []
    const picky: typeof fetch = (input, init) =>
      String(input).endsWith('.txt') ? Promise.reject(new TypeError('Failed to fetch')) : fetch(input, init)
    status = 404
    expect((await readNetwork(`${base}/model.json`, { fetch: picky })).classes.labels).toEqual(labels)
  })

  it('whose model is in the cache need not be there any more', async () => {
    asked = []
    status = 404
    const cache = join(folder, 'cache')
    expect((await readNetwork(`${base}/model.json`, { cache })).classes.labels).toEqual(labels)
    const offline = () => Promise.reject(new TypeError('fetch failed'))
    expect((await readNetwork(`${base}/model.json`, { cache, fetch: offline })).classes.labels).toEqual(labels)
  })

  it('does not list its folders: the address of one is refused', async () => {
    await expect(readNetwork(`${base}/`)).rejects.toMatchObject({
      code: 'SOURCE',
      details: { remedy: expect.stringContaining('model.safetensors') },
    })
  })
})

it('a network whose output nothing states: one output is a probability, several are classes of which one is meant', async () => {
  const grey = { data: new Uint8Array(32 * 32 * 3).fill(99), width: 32, height: 32 }
  const file = (classes: number): Uint8Array => {
    const single = { ...options, classes }
    return toSafetensors({
      options: single,
      parameters: seededParameters(defineMobileNetV2(single)),
      preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0, 0, 0], deviation: [1, 1, 1] },
      classes: { labels: [], background: null, output: 'logits' },
    })
  }
  const probabilities = async (classes: number, output?: 'softmax' | 'sigmoid'): Promise<number[]> => {
    using model = await load(file(classes), { backend: 'wasm', threads: 0, output })
    return (await model.classify(grey)).map(({ probability }) => probability)
  }
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  expect(sum(await probabilities(3))).toBeCloseTo(1, 6)
  expect(sum(await probabilities(3, 'sigmoid'))).not.toBeCloseTo(1, 3)
  const [one] = await probabilities(1)
  expect(one).toBeGreaterThan(0)
  expect(one).toBeLessThan(1)
  expect(await probabilities(1, 'softmax')).toEqual([1])
})
