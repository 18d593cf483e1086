import {
  type CompiledModel,
  defineMobileNetV2,
  type LayerParameters,
  type MobileNetV2Options,
  type OutputName,
} from '@mobilenetv2/spec'
import { describe, expect, it, vi } from 'vitest'
import { createCompiledModel, splitArchitecture, withTail } from '../src/index.js'

const small: MobileNetV2Options = { table: [[1, 8, 1, 2]], stemChannels: 4, headChannels: 3, height: 8, width: 8, classes: 2 }
const kinds = (options: MobileNetV2Options): { body: unknown[]; tail: unknown[] } => {
  const { body, tail } = splitArchitecture(defineMobileNetV2({ ...small, ...options }))
  return { body: body.layers.slice(3).map(({ id }) => id), tail: tail.map(({ id }) => id) }
}

describe('splitArchitecture', () => {
  it.each<[string, MobileNetV2Options, { body: string[]; tail: string[] }]>([
    ['a published network is all body', {}, { body: ['head', 'pool', 'classifier'], tail: [] }],
    [
      'so are hidden layers with the activations of convolutions',
      { headLayers: [{ units: 4, activation: 'relu' }] },
      { body: ['head', 'pool', 'dense1', 'classifier'], tail: [] },
    ],
    [
      'another activation begins the tail, which goes on to the end',
      {
        headLayers: [
          { units: 4, activation: 'relu' },
          { units: 4, activation: 'elu' },
        ],
      },
      { body: ['head', 'pool', 'dense1'], tail: ['dense2', 'classifier'] },
    ],
    ['a max pool', { pool: 'max' }, { body: ['head'], tail: ['pool', 'classifier'] }],
    ['a dense layer on a map', { pool: 'none' }, { body: ['head'], tail: ['classifier'] }],
    [
      'layers of positions are body',
      { pool: 'none', positionLayers: [{ units: 4, activation: 'relu' }] },
      { body: ['head', 'position1'], tail: ['classifier'] },
    ],
    ['a map of one position is a vector', { pool: 'none', height: 4, width: 4 }, { body: ['head', 'classifier'], tail: [] }],
  ])('%s', (_, options, expected) => {
    expect(kinds(options)).toEqual(expected)
  })
})

/** The output of the body: 2 x 2 places of 3 channels. */
const map = [1, -1, 0, 2, -2, 0, 3, -3, 0, 0, -4, 5]

/** A network whose body is a stub: for picture n of a batch, counted from 1, it gives n x `map`. */
async function stub(options: MobileNetV2Options, given: Record<string, LayerParameters>) {
  const architecture = defineMobileNetV2({ ...small, ...options })
  const { body, tail } = splitArchitecture(architecture)
  const run = vi.fn(async ({ batch, outputs }: { batch: number; outputs: readonly OutputName[] }) => {
    const values = Array.from({ length: batch }, (_, picture) => map.map((value) => value * (picture + 1))).flat()
    return Object.fromEntries(outputs.map((name) => [name, new Float32Array(values)])) as never
  })
  const dispose = vi.fn()
  const model = createCompiledModel({
    backend: 'stub',
    device: 'none',
    architecture: body,
    run,
    profile: async () => [{ layers: body.layers.map(({ id }) => id), milliseconds: 1 }],
    memory: () => ({ weights: 100, activations: 2, scratch: 3, code: 4 }),
    dispose,
  })
  const parameters = new Map(Object.entries(given)) as never
  const whole = await withTail(model, { architecture, tail, parameters })
  return { model: whole, body: model, run, dispose, architecture }
}

const input = new Float32Array(8 * 8 * 3)
const parameters = (kernel: number[], bias: number[]): LayerParameters => ({
  kernel: new Float32Array(kernel),
  bias: new Float32Array(bias),
})
/** The classifier of a pooled map: 3 channels to 2 classes. */
const pooled = { classifier: parameters([1, 0, 0, 1, 1, 1], [0.5, -0.5]) }

describe('a network with a tail', () => {
  it('takes the maximum of each channel, negative ones too, and classifies the maxima, for each picture of a batch', async () => {
    const { model, run } = await stub({ pool: 'max' }, pooled)
    const { logits, features } = await model.run(new Float32Array(2 * input.length), { batch: 2, outputs: ['logits', 'features'] })
    expect(features).toEqual(new Float32Array([3, -1, 5, 6, -2, 10]))
    expect(logits).toEqual(new Float32Array([3 + 5 + 0.5, -1 + 5 - 0.5, 6 + 10 + 0.5, -2 + 10 - 0.5]))
    expect(run).toHaveBeenCalledTimes(1)
    expect((await model.run(input, { outputs: ['features'] })).features).toEqual(new Float32Array([3, -1, 5]))
  })

  it('gives NaN as the maximum of a channel that has one', async () => {
    const { model, run } = await stub({ pool: 'max' }, pooled)
    run.mockResolvedValue({ logits: new Float32Array([1, Number.NaN, 0, 2, 5, 0, 3, 6, 0, 0, 7, Number.NaN]) } as never)
    expect((await model.run(input, { outputs: ['features'] })).features).toEqual(new Float32Array([3, Number.NaN, Number.NaN]))
  })

  it('reads a flattened map as it lies in memory', async () => {
    const kernel = map.flatMap((_, place) => [place === 1 ? 1 : 0, place === 11 ? 2 : 0])
    const { model } = await stub({ pool: 'none' }, { classifier: parameters(kernel, [0, 1]) })
    expect((await model.run(input)).logits).toEqual(new Float32Array([-1, 2 * 5 + 1]))
    await expect(model.run(input, { outputs: ['features'] })).rejects.toMatchObject({ code: 'INPUT' })
  })

  it('refuses an unknown activation, a residual of the tail, and a convolution after a max pool', async () => {
    const { body } = await stub({ pool: 'max' }, pooled)
    const architecture = defineMobileNetV2({ ...small, headLayers: [{ units: 4, activation: 'elu' }], pool: 'max' })
    const { layers } = architecture
    const refused = (changed: object | undefined): Promise<unknown> =>
      withTail(body, { architecture, tail: [{ ...layers[0]!, ...changed }], parameters: new Map() })
    const dense = layers.find(({ id }) => id === 'dense1')
    await expect(refused({ ...dense, activation: 'mish' })).rejects.toThrow(/dense1[\s\S]*mish/)
    await expect(refused({ ...dense, residual: 'pool' })).rejects.toThrow(/dense1[\s\S]*residual pool/)
    await expect(refused({})).rejects.toThrow(/layer stem/)
  })

  it('is the body itself if all is body', async () => {
    const { model, body } = await stub({}, {})
    expect(model).toBe(body)
  })

  it('accounts for its own weights and layers', async () => {
    const { model, architecture } = await stub({ pool: 'max' }, pooled)
    expect(model.architecture).toBe(architecture)
    expect(model.memory()).toEqual({ weights: 100 + 8 * 4, activations: 2, scratch: 3, code: 4 })
    const times = await model.profile()
    expect(times.flatMap(({ layers }) => layers)).toEqual(architecture.layers.map(({ id }) => id))
    for (const { milliseconds } of times) expect(milliseconds).toBeGreaterThanOrEqual(0)
  })

  it('keeps its parameters when the caller changes them', async () => {
    const mine = { classifier: parameters([...pooled.classifier.kernel], [...pooled.classifier.bias]) }
    const { model } = await stub({ pool: 'max' }, mine)
    const { logits } = await model.run(input)
    mine.classifier.kernel.fill(0)
    expect((await model.run(input)).logits).toEqual(logits)
  })

  it('refuses what the body refuses, and everything after dispose, which frees once', async () => {
    const { model, dispose } = await stub({ pool: 'max' }, pooled)
    await expect(model.run(input.subarray(1))).rejects.toMatchObject({ code: 'INPUT' })
    await expect(model.run(input, { batch: 0 })).rejects.toMatchObject({ code: 'INPUT' })
    await expect(model.run(input, { signal: AbortSignal.abort('enough') })).rejects.toBe('enough')
    const running = model.run(input)
    model.dispose()
    model[Symbol.dispose]()
    expect(dispose).toHaveBeenCalledTimes(1)
    await expect(running).rejects.toMatchObject({ code: 'DISPOSED' })
    for (const refused of [model.run(input), model.profile()]) await expect(refused).rejects.toMatchObject({ code: 'DISPOSED' })
    expect(model.memory()).toEqual({ weights: 0, activations: 0, scratch: 0, code: 0 })
  })

  it.each<[string, (model: CompiledModel, controller: AbortController) => void, unknown]>([
    ['the reason of a signal that is aborted', (_, controller) => controller.abort('enough'), 'enough'],
    ['DISPOSED if the model is disposed of', (model) => model.dispose(), expect.objectContaining({ code: 'DISPOSED' })],
  ])('ends while the tail runs with %s', async (_, end, reason) => {
    const { model, run } = await stub({ pool: 'max' }, pooled)
    const controller = new AbortController()
    const readByTail = vi.fn(() => {
      end(model, controller)
      return new Float32Array(map)
    })
    run.mockResolvedValue(Object.defineProperty({}, 'logits', { get: readByTail }) as never)
    const [settled] = await Promise.allSettled([model.run(input, { signal: controller.signal })])
    expect(readByTail).toHaveBeenCalledTimes(1)
    expect(settled).toEqual({ status: 'rejected', reason })
  })
})
