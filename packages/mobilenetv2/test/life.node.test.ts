import { getEventListeners } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Worker } from 'node:worker_threads'
import { wasm } from '@mobilenetv2/backend-wasm'
import { createCompiledModel } from '@mobilenetv2/runtime'
import { type Backend, defineMobileNetV2, type Parameters, truncateAt } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { type Network, toSafetensors } from '@mobilenetv2/weights'
import sharp from 'sharp'
import { afterEach, describe, expect, it } from 'vitest'
import { compile, cosineSimilarity, load, type Model, type PictureSource, readNetwork } from '../src/index.js'

setFlagsFromString('--expose_gc')
const collectGarbage = runInNewContext('gc') as () => void

const options = { widthMultiplier: 0.1, height: 32, width: 32, classes: 3, headChannels: 16 }
const architecture = defineMobileNetV2(options)
const preprocessing = { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0, 0, 0], deviation: [1, 1, 1] } as const

/** The bytes of a network, with its parameters changed. */
function fileOf(change: (parameters: Parameters) => Parameters = (parameters) => parameters): Uint8Array {
  const classes = { labels: ['a', 'b', 'c'], background: null, output: 'softmax' } as const
  return toSafetensors({ options, parameters: change(seededParameters(architecture)), preprocessing, classes })
}

const bytes = fileOf()
const grey = { data: new Uint8Array(32 * 32 * 3).fill(99), width: 32, height: 32 }
const photo = await sharp(grey.data, { raw: { width: 32, height: 32, channels: 3 } })
  .png()
  .toBuffer()

/** A backend whose runs never end, and which counts what it compiles. */
function stuck() {
  const counts = { compiled: 0, disposed: 0 }
  const backend: Backend = {
    name: 'stuck',
    availability: async () => ({ available: true, device: 'none' }),
    async compile(compiled) {
      counts.compiled += 1
      return createCompiledModel({
        backend: 'stuck',
        device: 'none',
        architecture: compiled,
        run: () => new Promise(() => {}),
        profile: () => new Promise(() => {}),
        memory: () => ({ weights: 1, activations: 1, scratch: 1, code: 1 }),
        dispose: () => {
          counts.disposed += 1
        },
      })
    },
  }
  return { backend, counts }
}

const everyCall: Readonly<Record<string, (model: Model) => Promise<unknown>>> = {
  classify: (model) => model.classify(grey),
  'classify with a wrong option': (model) => model.classify(grey, { top: 0 }),
  'classify of no picture': (model) => model.classify(null as never),
  classifyBatch: (model) => model.classifyBatch([grey]).next(),
  'classifyBatch of no pictures': (model) => model.classifyBatch(7 as never).next(),
  webcam: (model) => model.webcam({} as never, () => {}),
  embed: (model) => model.embed(grey),
  similarity: (model) => model.similarity(grey, grey),
  explain: (model) => model.explain(grey),
  activation: (model) => model.activation(grey, 'head'),
  use: (model) => model.use('wasm'),
  warmup: (model) => model.warmup(),
  profile: (model) => model.profile(),
  network: async (model) => model.network,
}

describe('after dispose', () => {
  it.each(Object.entries(everyCall))('%s says DISPOSED, and nothing is compiled', async (_, call) => {
    const { backend, counts } = stuck()
    const model = await load(bytes, { backend })
    model.dispose()
    model[Symbol.dispose]()
    await expect(call(model)).rejects.toMatchObject({ code: 'DISPOSED' })
    expect(counts).toEqual({ compiled: 1, disposed: 1 })
    expect(model.memory()).toEqual({ weights: 0, activations: 0, scratch: 0, code: 0 })
    expect(model).toMatchObject({ backend: 'stuck', device: 'none' })
    expect(model.reasons.at(-1)).toBe('backend stuck, as given')
  })

  it('calls that run or wait for their turn say DISPOSED at once', async () => {
    const { backend, counts } = stuck()
    const model = await load(bytes, { backend })
    const calls = [
      ...Array.from({ length: 6 }, () => model.classify(photo)),
      ...Array.from({ length: 6 }, () => model.embed(grey)),
      model.activation(grey, 'head'),
      model.explain(photo),
      model.use(backend),
      model.use(backend),
      model.use('wasm'),
      model.profile(),
      model.warmup(),
      model.similarity(grey, grey),
    ]
    const settled = Promise.allSettled(calls)
    // Until the first `use` and the activation have compiled, and wait for their runs.
    while (counts.compiled < 3) await new Promise((resolve) => setTimeout(resolve))
    model.dispose()
    for (const outcome of await settled) expect(outcome).toMatchObject({ reason: { code: 'DISPOSED' } })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(counts.compiled).toBe(3)
  })

  it('a batch that waits for its source or for a run says DISPOSED', async () => {
    async function* silent(): AsyncGenerator<PictureSource> {
      await new Promise(() => {})
    }
    for (const pictures of [silent(), [grey]]) {
      const { backend } = stuck()
      const model = await load(bytes, { backend })
      const waiting = model.classifyBatch(pictures).next()
      await new Promise((resolve) => setTimeout(resolve, 20))
      model.dispose()
      await expect(waiting).rejects.toMatchObject({ code: 'DISPOSED' })
    }
  })

  it('no worker lives on', async () => {
    const workers: Worker[] = []
    const count = (worker: Worker): void => void workers.push(worker)
    process.on('worker', count)
    const model = await load(bytes, { backend: 'wasm', threads: 2 })
    const calls = [model.activation(grey, 'head'), model.use('wasm', { threads: 1 }), model.classify(grey), model.explain(grey)]
    const settled = Promise.allSettled(calls)
    while (workers.length < 3) await new Promise((resolve) => setTimeout(resolve))
    model.dispose()
    await settled
    while (workers.some(({ threadId }) => threadId !== -1)) await new Promise((resolve) => setTimeout(resolve, 5))
    const { length } = workers
    for (const call of Object.values(everyCall)) await call(model).catch(() => {})
    expect(workers).toHaveLength(length)
    process.off('worker', count)
  })

  it.each([0, 1, 2])('a model that is kept holds no weights, option threads: %d', async (threads) => {
    /** A model that was used and disposed of, and what it must not hold. */
    const used = async (): Promise<{ model: Model; kernel: WeakRef<Float32Array>; network: WeakRef<Network> }> => {
      const network = await readNetwork(bytes)
      const model = await compile(network, { backend: 'wasm', threads })
      await model.classify(photo)
      await model.activation(grey, 'head')
      await model.explain(grey)
      await model.use('wasm', { threads: 0 })
      await model.classify(grey)
      model.dispose()
      return { model, kernel: new WeakRef(network.parameters.get('head')!.kernel), network: new WeakRef(network) }
    }
    const { model, kernel, network } = await used()
    for (let round = 0; round < 100 && (kernel.deref() !== undefined || network.deref() !== undefined); round++) {
      await new Promise((resolve) => setTimeout(resolve, 10))
      collectGarbage()
    }
    expect(kernel.deref()).toBeUndefined()
    expect(network.deref()).toBeUndefined()
    expect(model.backend).toBe('wasm')
  })
})

describe('load that is aborted', () => {
  it('while it compiles rejects at once, and disposes of the model that is compiled later', async () => {
    const { backend, counts } = stuck()
    let begin = (): void => {}
    const begun = new Promise<void>((resolve) => {
      begin = resolve
    })
    let finish = (): void => {}
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    const slow: Backend = {
      ...backend,
      async compile(...given) {
        begin()
        await finished
        return backend.compile(...given)
      },
    }
    const controller = new AbortController()
    const loading = load(bytes, { backend: slow, signal: controller.signal })
    await begun
    controller.abort(new Error('enough'))
    await expect(loading).rejects.toThrow('enough')
    finish()
    while (counts.disposed === 0) await new Promise((resolve) => setTimeout(resolve))
    expect(counts).toEqual({ compiled: 1, disposed: 1 })
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  it('many times leaves nothing behind', async () => {
    const references: WeakRef<object>[] = []
    const backend: Backend = {
      ...wasm({ threads: 0 }),
      compile(compiled, parameters) {
        references.push(new WeakRef(parameters))
        return wasm({ threads: 0 }).compile(compiled, parameters)
      },
    }
    for (let round = 0; round < 50; round++) {
      const controller = new AbortController()
      const loading = load(bytes, { backend, signal: controller.signal })
      setTimeout(() => controller.abort(), round % 10)
      await loading.then(
        (model) => model.dispose(),
        () => {},
      )
    }
    for (let round = 0; round < 100 && references.some((each) => each.deref() !== undefined); round++) {
      await new Promise((resolve) => setTimeout(resolve, 10))
      collectGarbage()
    }
    expect(references.filter((each) => each.deref() !== undefined)).toHaveLength(0)
  })
})

describe('one signal for many calls', () => {
  const warnings: string[] = []
  const note = ({ message }: Error): void => void warnings.push(message)
  afterEach(() => {
    process.off('warning', note)
    warnings.length = 0
  })

  it('has one listener at most while they run, none after that, and no warning', async () => {
    process.on('warning', note)
    const { signal } = new AbortController()
    const models = await Promise.all(Array.from({ length: 12 }, () => load(bytes, { backend: 'wasm', threads: 0, signal })))
    const consume = async (model: Model): Promise<void> => {
      for await (const outcome of model.classifyBatch([grey, photo], { signal })) expect(outcome).toHaveProperty('answers')
    }
    const calls = models.flatMap((model) => [
      model.classify(photo, { signal }),
      model.classify(photo, { signal }),
      model.classify(grey, { signal }),
      model.embed(photo, { signal }),
      model.explain(grey, { signal }),
      model.activation(grey, 'pool', { signal }),
      model.warmup({ signal }),
      consume(model),
    ])
    expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1)
    await Promise.all(calls)
    for (const model of models) model.dispose()
    expect(warnings).toEqual([])
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('gives no warning for downloads, whose listeners are those of fetch', async () => {
    process.on('warning', note)
    const server = createServer((_, response) => response.end(bytes)).listen(0)
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.safetensors`
    const { signal } = new AbortController()
    const networks = await Promise.all(Array.from({ length: 20 }, () => readNetwork(url, { signal })))
    expect(networks).toHaveLength(20)
    server.close()
    server.closeAllConnections()
    expect(warnings).toEqual([])
  })
})

describe('a source of a batch that fails at its fifth picture', () => {
  const failure = new Error('the folder is gone')
  function* plain(): Generator<PictureSource> {
    for (let index = 0; index < 4; index++) yield index % 2 === 0 ? grey : photo
    throw failure
  }
  async function* slow(): AsyncGenerator<PictureSource> {
    for (const picture of plain()) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      yield picture
    }
  }
  const iterator = {
    [Symbol.iterator]: () => {
      let count = 0
      return {
        next() {
          if (++count === 5) throw failure
          return { done: false, value: grey } as const
        },
      }
    },
  }
  const stream = (): AsyncIterable<PictureSource> => {
    let count = 0
    const source = new ReadableStream<PictureSource>(
      { pull: (controller) => (++count === 5 ? controller.error(failure) : controller.enqueue(grey)) },
      { highWaterMark: 0 },
    )
    return source as ReadableStream<PictureSource> & AsyncIterable<PictureSource>
  }

  it.each<[string, () => Iterable<PictureSource> | AsyncIterable<PictureSource>]>([
    ['a generator', plain],
    ['an async generator', slow],
    ['an iterator without return', () => iterator],
    ['a stream', stream],
  ])('gives the four before it, then the error: %s', async (_, pictures) => {
    using model = await load(bytes)
    const outcomes: unknown[] = []
    const all = async (): Promise<void> => {
      for await (const outcome of model.classifyBatch(pictures())) {
        outcomes.push(outcome)
        // A slow reader, so that the source has failed before its pictures are asked for.
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    }
    await expect(all()).rejects.toBe(failure)
    expect(outcomes).toHaveLength(4)
    for (const outcome of outcomes) expect(outcome).toHaveProperty('answers')
  })

  it('does not keep a signal waiting that is aborted meanwhile', async () => {
    using model = await load(bytes)
    const controller = new AbortController()
    let closed = false
    async function* silent(): AsyncGenerator<PictureSource> {
      try {
        yield grey
        await new Promise((resolve) => setTimeout(resolve, 200))
        yield grey
      } finally {
        closed = true
      }
    }
    const batch = model.classifyBatch(silent(), { signal: controller.signal })
    expect((await batch.next()).value).toHaveProperty('answers')
    const waiting = batch.next()
    controller.abort(failure)
    await expect(waiting).rejects.toBe(failure)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    while (!closed) await new Promise((resolve) => setTimeout(resolve, 10))
  })
})

describe('a network whose values are not finite', () => {
  /** The network with the values of a layer's kernel and bias replaced. */
  const withLayer = (id: 'block3.project' | 'classifier', value: (index: number) => number) =>
    fileOf((parameters) => {
      const layer = parameters.get(id)!
      return new Map(parameters).set(id, { kernel: layer.kernel.map((_, index) => value(index)), bias: layer.bias })
    })
  const huge = (index: number): number => (index % 2 === 0 ? 3e38 : -3e38)

  it('names the first layer where they are not', async () => {
    using model = await load(withLayer('block3.project', huge), { backend: 'wasm', threads: 0 })
    const error = {
      code: 'PARAMETERS',
      message: expect.stringContaining('not finite'),
      details: { where: 'layer block3.project, the first whose output is not finite' },
    }
    const calls = [
      () => model.classify(grey),
      () => model.explain(grey),
      () => model.embed(grey),
      () => model.similarity(grey, grey),
    ]
    const outcomes = await Promise.allSettled(calls.map((call) => call()))
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: error })
    await model.warmup()
  })

  it('names the classifier, for each picture of a batch too', async () => {
    using model = await load(withLayer('classifier', huge), { backend: 'wasm', threads: 0 })
    const error = { code: 'PARAMETERS', details: { where: expect.stringContaining('layer classifier') } }
    await expect(model.classify(grey)).rejects.toMatchObject(error)
    await expect(model.explain(grey)).rejects.toMatchObject(error)
    for await (const outcome of model.classifyBatch([grey, photo])) expect(outcome).toMatchObject({ error })
    expect((await model.embed(grey)).every(Number.isFinite)).toBe(true)
  })
})

describe('the memory that a file may ask for', () => {
  const large = { height: 8192, width: 8192, classes: 3, table: [[1, 8, 1, 1]] as const, stemChannels: 8, headChannels: 8 }
  const file = toSafetensors({
    options: large,
    parameters: seededParameters(defineMobileNetV2(large)),
    preprocessing,
    classes: { labels: [], background: null, output: 'softmax' },
  })
  const refusal = {
    code: 'BACKEND',
    details: { got: '1610612736 bytes', expected: expect.stringMatching(/1073741824 bytes.*maxActivationBytes/) },
  }

  it('is refused before anything is compiled', async () => {
    const { backend, counts } = stuck()
    await expect(load(file, { backend })).rejects.toMatchObject(refusal)
    await expect(load(file)).rejects.toMatchObject(refusal)
    await expect(load(file, { backend: 'wasm' })).rejects.toMatchObject(refusal)
    await expect(compile(await readNetwork(file), { backend })).rejects.toMatchObject(refusal)
    expect(counts.compiled).toBe(0)
  })

  it('is as the option says', async () => {
    const { backend } = stuck()
    using model = await load(file, { backend, maxActivationBytes: 2 ** 31 })
    expect(model.backend).toBe('stuck')
    await expect(load(bytes, { maxActivationBytes: 1000 })).rejects.toMatchObject({ code: 'BACKEND' })
    for (const maxActivationBytes of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '1']) {
      await expect(load(bytes, { maxActivationBytes } as object)).rejects.toMatchObject({ code: 'OPTION' })
    }
  })

  it('is enough for every width on 2048 x 2048', async () => {
    for (const widthMultiplier of [0.35, 1, 1.4]) {
      const network = await readNetwork(bytes)
      const wide = defineMobileNetV2({ ...options, widthMultiplier, height: 2048, width: 2048 })
      const { backend } = stuck()
      using model = await compile({ ...network, architecture: wide }, { backend })
      expect(model.backend).toBe('stuck')
    }
  })
})

it('a network that is cut before its classifier gives no classes', async () => {
  const network = await readNetwork(bytes)
  using model = await compile({ ...network, architecture: truncateAt(network.architecture, 'pool') })
  await expect(model.classify(grey)).rejects.toMatchObject({ code: 'CHECKPOINT' })
  await expect(model.explain(grey)).rejects.toMatchObject({ code: 'CHECKPOINT' })
  expect(await model.embed(grey)).toHaveLength(16)
})

describe('a network with the classes of another', () => {
  it.each([
    [{ labels: ['a', 'b'], background: null }],
    [{ labels: ['a', 'b', 'c'], background: 0 }],
    [{ labels: [], background: 3 }],
    [{ labels: [], background: -1 }],
  ])('is not compiled: %j', async (classes) => {
    const network = await readNetwork(bytes)
    const mixed = { ...network, classes: { ...network.classes, ...classes } }
    await expect(compile(mixed)).rejects.toMatchObject({ code: 'PARAMETERS', details: { where: 'classes' } })
  })
})

describe('cosineSimilarity', () => {
  it('is 0 with a vector of zeros, and exact for vectors of any size', () => {
    const zeros = new Float32Array(4)
    const one = Float32Array.of(1, 2, 3, 4)
    expect(cosineSimilarity(zeros, zeros)).toBe(0)
    expect(cosineSimilarity(zeros, one)).toBe(0)
    for (const scale of [1e-40, 1, 1e37]) {
      const scaled = one.map((value) => value * scale)
      expect(cosineSimilarity(scaled, scaled)).toBeLessThanOrEqual(1)
      expect(cosineSimilarity(scaled, one)).toBeCloseTo(1, 3)
      expect(
        cosineSimilarity(
          scaled.map((value) => -value),
          one,
        ),
      ).toBeCloseTo(-1, 3)
    }
    const long = new Float32Array(1_000_000).fill(0.5)
    expect(cosineSimilarity(long, long)).toBe(1)
    const infinite = Float32Array.of(1, 2, 3, Number.POSITIVE_INFINITY)
    expect(() => cosineSimilarity(one, infinite)).toThrow(expect.objectContaining({ code: 'INPUT' }))
    expect(() =>
      cosineSimilarity(
        one,
        one.map(() => Number.NaN),
      ),
    ).toThrow(expect.objectContaining({ code: 'INPUT' }))
  })
})
