import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wasm } from '@mobilenetv2/backend-wasm'
import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { toSafetensors } from '@mobilenetv2/weights'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile, cosineSimilarity, load, readNetwork } from '../src/index.js'

const options = { widthMultiplier: 0.1, height: 32, width: 32, classes: 3, headChannels: 16 }
const bytes = toSafetensors({
  options,
  parameters: seededParameters(defineMobileNetV2(options)),
  preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0, 0, 0], deviation: [1, 1, 1] },
  classes: { labels: ['a', 'b', 'c'], background: null, output: 'softmax' },
})
const grey = { data: new Uint8Array(32 * 32 * 3).fill(99), width: 32, height: 32 }

describe('every option is checked, and none is ignored', () => {
  it.each<[string, object, string]>([
    ['an unknown name', { backends: 'wasm' }, 'There is no option backends'],
    ['an unknown backend', { backend: 'webgl' }, 'one of auto, wasm, webgpu, tfjs, node-cuda, onnxruntime'],
    ['threads of a backend that has none', { backend: 'webgpu', threads: 2 }, 'the option is for wasm and onnxruntime'],
    ['a precision that there is not', { precision: 'int16' }, 'one of float32, float16, int8, auto'],
    ['a precision of another backend', { backend: 'wasm', precision: 'float16' }, 'float32, int8, auto'],
    ['integers on a backend that has none', { backend: 'webgpu', precision: 'int8' }, 'float32, float16'],
    ['a precision of a backend that has one', { backend: 'tfjs', precision: 'float32' }, 'the option is for wasm and webgpu'],
    ['an option beside a backend that is given', { backend: wasm(), threads: 2 }, 'give it to the function that made the backend'],
    ['threads out of range', { backend: 'wasm', threads: 65 }, '64'],
    ['labels that are no list', { labels: 'abc' }, 'an array of names, or an object of index to name'],
    ['labels with a gap', { labels: { 0: 'a', 2: 'c' } }, 'index 1 has none'],
    ['too few labels', { labels: ['a'] }, '3 labels'],
    ['a recipe of another shape', { preprocessing: { mean: 0.5 } }, 'three numbers'],
    ['a part that no recipe has', { preprocessing: { std: [1, 1, 1] } }, 'There is no option std'],
    ['a way to read the output that there is not', { output: 'argmax' }, 'softmax, sigmoid'],
    ['weights that are no prefix', { weights: 1 }, 'a string'],
    ['weights of a file with one network', { weights: 'ema' }, 'no value for a file with a graph'],
    [
      'threads that no backend of auto takes with the other option',
      { threads: 2, precision: 'float16' },
      'options that the same backend takes',
    ],
    ['a signal that is none', { signal: 5 }, 'an AbortSignal'],
    ['fetch for bytes', { fetch: globalThis.fetch }, 'an id of the zoo or a URL'],
    ['a cache for bytes', { cache: 'here' }, 'an id of the zoo or a URL'],
  ])('%s', async (_, wrong, message) => {
    await expect(load(bytes, wrong)).rejects.toMatchObject({ code: 'OPTION', message: expect.stringContaining(message) })
  })

  it.each([[42], [{}], [null], [[]], [true]])('a source that is %j', async (source) => {
    await expect(load(source as never)).rejects.toMatchObject({
      code: 'SOURCE',
      message: expect.stringContaining('a path, a URL, the bytes of a file'),
    })
  })

  it('before anything is fetched', async () => {
    let calls = 0
    const counting = async (): Promise<Response> => {
      calls += 1
      return new Response(bytes)
    }
    const wrong = { backend: 'wasm', threads: 99, fetch: counting } as const
    await expect(load('http://127.0.0.1/model', wrong)).rejects.toMatchObject({ code: 'OPTION' })
    expect(calls).toBe(0)
  })

  it('a value that is not a network', async () => {
    for (const network of [undefined, 42, {}]) await expect(compile(network as never)).rejects.toMatchObject({ code: 'INPUT' })
  })

  it('options of a call', async () => {
    using model = await load(bytes)
    await expect(model.classify(grey, { topK: 2 } as never)).rejects.toMatchObject({ code: 'OPTION' })
    await expect(model.embed(grey, { top: 2 } as never)).rejects.toMatchObject({ code: 'OPTION' })
    await expect(model.embed(grey, { normalize: 1 } as never)).rejects.toMatchObject({ code: 'OPTION' })
    await expect(model.classify(grey, { signal: 5 } as never)).rejects.toMatchObject({ code: 'OPTION' })
    await expect(model.classify(grey, { decode: 'quick' } as never)).rejects.toThrow('one of exact, fast')
    await expect(model.classify(grey, { threshold: '0.5' } as never)).rejects.toMatchObject({ code: 'OPTION' })
    await expect(model.classifyBatch([grey], { detailed: true } as never).next()).rejects.toMatchObject({ code: 'OPTION' })
    await expect(model.use('webgl' as never)).rejects.toMatchObject({ code: 'OPTION' })
    await expect(model.classify({ ...grey, data: [...grey.data] } as never)).rejects.toMatchObject({
      code: 'IMAGE',
      message: expect.stringContaining('an array of numbers'),
    })
    for (const pictures of ['a.jpg', new Uint8Array(3), 7]) {
      await expect(model.classifyBatch(pictures as never).next()).rejects.toMatchObject({ code: 'OPTION' })
    }
    expect(() => cosineSimilarity(new Float32Array(2), new Float32Array(3))).toThrow('two embeddings of the same model')
    expect(() => cosineSimilarity([1] as never, [1] as never)).toThrow('Float32Arrays')
  })

  it('a name that is neither a file nor a model: the nearest id', async () => {
    await expect(load('mobilenet_v2')).rejects.toMatchObject({
      code: 'SOURCE',
      message: expect.stringContaining('Did you mean imagenet-1.0-224?'),
    })
    await expect(load('resnet50')).rejects.toMatchObject({
      code: 'SOURCE',
      details: { expected: expect.stringContaining('timm-100') },
    })
  })
})

describe('a model', () => {
  it('is a network, compiled: the halves of load do what load does', async () => {
    const network = structuredClone(await readNetwork(bytes, { labels: { 0: 'x', 1: 'y', 2: 'z' } }))
    using model = await compile(network, { backend: 'wasm', threads: 0 })
    using loaded = await load(bytes)
    expect(await model.classify(grey)).toEqual(
      (await loaded.classify(grey)).map((answer) => ({ ...answer, label: 'xyz'[answer.index] })),
    )
    expect(model.network).toBe(network)
    expect(model.reasons.at(-1)).toBe('backend wasm, as asked for')
  })

  it('is used on another backend without being read again, and stays as it was if that fails', async () => {
    using model = await load(bytes, { backend: wasm({ threads: 0 }) })
    const before = await model.classify(grey)
    const during = model.classify(grey)
    await model.use('wasm', { threads: 2 })
    expect(await during).toEqual(before)
    expect(model.device).toContain('2 threads')
    expect(await model.classify(grey)).toEqual(before)
    const { device } = model
    const broken = { ...wasm(), compile: () => Promise.reject(new Error('no device')) }
    await expect(model.use(broken)).rejects.toThrow('no device')
    expect(model.device).toBe(device)
    expect(await model.classify(grey)).toEqual(before)
    model.dispose()
    await expect(model.use('wasm')).rejects.toMatchObject({ code: 'DISPOSED' })
    await expect(model.activation(grey, 'head')).rejects.toMatchObject({ code: 'DISPOSED' })
  })

  it('stays with the backend that was asked for last', async () => {
    using model = await load(bytes, { backend: 'wasm', threads: 1 })
    await Promise.all([model.use('wasm', { threads: 2 }), model.use('wasm', { threads: 0 })])
    expect(model.device).toContain('1 thread')
    await Promise.all([model.use('wasm', { threads: 0 }), model.use('wasm', { threads: 2 })])
    expect(model.device).toContain('2 threads')
  })

  it('with one output tells its class from the absence of it', async () => {
    const single = { ...options, classes: 1 }
    const file = (labels: string[]) =>
      toSafetensors({
        options: single,
        parameters: seededParameters(defineMobileNetV2(single)),
        preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0, 0, 0], deviation: [1, 1, 1] },
        classes: { labels, background: null, output: 'sigmoid' },
      })
    for (const [source, labels] of [
      [file(['cat', 'dog']), undefined],
      [file([]), ['cat', 'dog']],
    ] as const) {
      using model = await load(source, { labels })
      const answers = await model.classify(grey)
      expect(answers.map(({ label }) => label).sort()).toEqual(['cat', 'dog'])
      expect(answers[0]!.probability + answers[1]!.probability).toBeCloseTo(1, 6)
    }
  })

  it('tells the logits and the times if it is asked to', async () => {
    using model = await load(bytes)
    const { answers, logits, milliseconds, backend, device } = await model.classify(grey, { detailed: true })
    expect(answers).toEqual(await model.classify(grey))
    expect(logits).toHaveLength(3)
    expect({ backend, device }).toEqual({ backend: model.backend, device: model.device })
    for (const part of [milliseconds.decode, milliseconds.preprocess, milliseconds.network]) expect(part).toBeGreaterThanOrEqual(0)
    expect((await model.embed(grey, { detailed: true })).features).toEqual(await model.embed(grey))
  })

  it('gives a picture of a batch as soon as it is done, whatever the source does then', async () => {
    using model = await load(bytes)
    async function* slow() {
      yield grey
      await new Promise(() => {})
    }
    for await (const outcome of model.classifyBatch(slow())) {
      expect(outcome).toMatchObject({ picture: grey })
      break
    }
    async function* failing() {
      yield grey
      yield grey
      throw new Error('the folder is gone')
    }
    const outcomes: unknown[] = []
    const all = async () => {
      for await (const outcome of model.classifyBatch(failing())) outcomes.push(outcome)
    }
    await expect(all()).rejects.toThrow('the folder is gone')
    expect(outcomes).toHaveLength(2)
  })

  it('does not count the wait of a slow caller as decoding', async () => {
    using model = await load(bytes)
    const decode: number[] = []
    for await (const outcome of model.classifyBatch([grey, grey, grey])) {
      if ('error' in outcome) throw outcome.error
      decode.push(outcome.milliseconds.decode)
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    expect(Math.max(...decode)).toBeLessThan(300)
  })

  it('closes the source of a batch if the caller stops early', async () => {
    using model = await load(bytes)
    let closed = 0
    function* endless() {
      try {
        for (;;) yield grey
      } finally {
        closed += 1
      }
    }
    for await (const outcome of model.classifyBatch(endless())) {
      expect(outcome).toMatchObject({ picture: grey, logits: expect.anything() })
      break
    }
    expect(closed).toBe(1)
  })

  it('without a classifier embeds, and refuses to classify', async () => {
    const headless = { ...options, classes: 0 }
    const file = toSafetensors({
      options: headless,
      parameters: seededParameters(defineMobileNetV2(headless)),
      preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0, 0, 0], deviation: [1, 1, 1] },
      classes: { labels: [], background: null, output: 'softmax' },
    })
    using model = await load(file)
    await expect(model.classify(grey)).rejects.toMatchObject({
      code: 'CHECKPOINT',
      details: { remedy: expect.stringContaining('embed') },
    })
    expect(await model.embed(grey)).toHaveLength(16)
  })

  it('takes parts of a recipe from the caller', async () => {
    const { preprocessing, reasons } = await readNetwork(bytes, { preprocessing: { mean: [0.1, 0.2, 0.3] } })
    expect(preprocessing).toEqual({
      geometry: { kind: 'stretch' },
      interpolation: 'bilinear',
      mean: [0.1, 0.2, 0.3],
      deviation: [1, 1, 1],
    })
    expect(reasons).toContain('mean 0.1, 0.2, 0.3: as asked for')
  })
})

describe('an address', () => {
  let server: Server
  let asked = 0
  let url: string
  let folder: string

  beforeAll(async () => {
    server = createServer((_, response) => {
      asked += 1
      response.end(bytes)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.safetensors`
    folder = await mkdtemp(join(tmpdir(), 'mobilenetv2-'))
  })

  afterAll(async () => {
    server.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('is fetched by the function that is given', async () => {
    let calls = 0
    const counting: typeof fetch = (input, init) => {
      calls += 1
      return fetch(input, init)
    }
    await readNetwork(url, { fetch: counting })
    expect(calls).toBe(1)
  })

  it('is kept in the cache that is named, and fetched once', async () => {
    asked = 0
    const first = await readNetwork(url, { cache: folder })
    const second = await readNetwork(url, { cache: folder })
    expect(second.parameters).toEqual(first.parameters)
    expect(asked).toBe(1)
    expect(first.source.file).toBe(url)
  })
})
