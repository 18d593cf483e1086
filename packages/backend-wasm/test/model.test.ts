import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { refusal, seededInput, seededParameters } from '@mobilenetv2/testing'
import { describe, expect, it } from 'vitest'
import { wasm } from '../src/index.js'

const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 10 })

describe.each([0, 1, 2])('a compiled model, option threads: %d', (threads) => {
  const compile = () => wasm({ threads }).compile(architecture, seededParameters(architecture))

  it('says on what it runs', async () => {
    using model = await compile()
    expect(model.device).toMatch(/^wasm (relaxed-)?simd, \d threads?$/)
    expect(model.device).toContain(threads === 2 ? '2 threads' : '1 thread')
  })

  it('accounts for every byte: whole pages of memory, and the code', async () => {
    using model = await compile()
    const { weights, activations, scratch, code } = model.memory()
    expect((weights + activations + scratch) % 65536).toBe(0)
    expect(code).toBeGreaterThan(1000)
    model.dispose()
    expect(model.memory()).toEqual({ weights: 0, activations: 0, scratch: 0, code: 0 })
  })

  it('profiles a whole run: the layers in their order, then the time outside of layers', async () => {
    using model = await compile()
    const times = await model.profile()
    expect(times.flatMap(({ layers }) => layers)).toEqual(architecture.layers.map(({ id }) => id))
    expect(times.map(({ layers }) => layers.length === 0)).toEqual(times.map((_, index) => index === times.length - 1))
  })

  it('names the input and the length that it needs', async () => {
    using model = await compile()
    const error = await refusal(model.run(new Float32Array(7), { batch: 2 }))
    expect(error.code).toBe('INPUT')
    expect(error.details).toMatchObject({ expected: '6144 values: [2, 32, 32, 3]', got: '7 values' })
    expect(error.message).toContain('option batch 2')
  })

  it('refuses an output that no model has', async () => {
    using model = await compile()
    const error = await refusal(model.run(seededInput(architecture), { outputs: ['probabilities' as 'logits'] }))
    expect(error.code).toBe('INPUT')
    expect(error.details.where).toBe('option outputs')
  })

  it('gives nothing where nothing is asked for', async () => {
    using model = await compile()
    expect(await model.run(seededInput(architecture), { outputs: [] })).toEqual({})
  })

  it('ends a run whose signal is aborted while it runs, and the next run is whole', async () => {
    const large = defineMobileNetV2({ widthMultiplier: 0.35, height: 96, width: 96, classes: 10 })
    using model = await wasm({ threads }).compile(large, seededParameters(large))
    const { logits } = await model.run(seededInput(large))
    const batch = 400
    const controller = new AbortController()
    setTimeout(() => controller.abort('enough'), 1)
    const long = model.run(new Float32Array(batch * 96 * 96 * 3), { batch, signal: controller.signal })
    const next = model.run(seededInput(large))
    await expect(long).rejects.toBe('enough')
    expect((await next).logits).toEqual(logits)
  })

  it('ends a run that is under way when the model is disposed of', async () => {
    const model = await compile()
    const run = model.run(seededInput(architecture))
    model.dispose()
    expect((await refusal(run)).code).toBe('DISPOSED')
    expect((await refusal(model.profile())).code).toBe('DISPOSED')
  })

  it('refuses a kernel size beyond its limit by name', async () => {
    const layers = architecture.layers.map((layer) => (layer.kind === 'depthwise' ? { ...layer, kernelSize: 17 } : layer))
    const error = await refusal(wasm().compile({ ...architecture, layers }, seededParameters(architecture)))
    expect(error.code).toBe('BACKEND')
    expect(error.details).toMatchObject({ where: 'layer block1.depthwise', got: '17' })
  })
})
