import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { expectAllClose, runReference, seededInput, seededParameters } from '@mobilenetv2/testing'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-wasm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { tfjs } from '../src/index.js'
import { useBackend } from './support/backends.js'

const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 10 })
const parameters = seededParameters(architecture)

beforeEach(() => useBackend('cpu'))
afterEach(() => vi.restoreAllMocks())

describe('a backend of TensorFlow.js that is named', () => {
  it('runs each model, whichever is current, also when runs are started together', async () => {
    const models = await Promise.all(['cpu', 'wasm'].map((backend) => tfjs({ backend }).compile(architecture, parameters)))
    expect(models.map(({ device }) => device)).toEqual(['tfjs cpu', 'tfjs wasm'])
    const input = seededInput(architecture)
    const { logits } = runReference(architecture, parameters, input)
    const runs = [...models, ...models].map((model) => model.run(input))
    for (const result of await Promise.all(runs)) expectAllClose(result.logits, logits, { relative: 1e-4 })
    await useBackend('cpu')
    expect((await models[1]!.profile()).length).toBe(architecture.layers.length)
    expect(tf.getBackend()).toBe('wasm')
    for (const model of models) model.dispose()
  })

  it('refuses tensors while another one is current: they belong to a backend', async () => {
    const model = await tfjs({ backend: 'wasm' }).compile(architecture, parameters)
    await useBackend('cpu')
    const input = tf.tensor4d(seededInput(architecture), [1, 32, 32, 3])
    expect(() => model.execute(input)).toThrow(expect.objectContaining({ code: 'BACKEND' }))
    tf.dispose(input)
    model.dispose()
  })

  it('is available without becoming the current one', async () => {
    expect(await tfjs({ backend: 'wasm' }).availability()).toEqual({ available: true, device: 'tfjs wasm' })
    expect(tf.getBackend()).toBe('cpu')
  })

  it('is not available if nothing registered it', async () => {
    const availability = { available: false, remedy: expect.stringContaining('@tensorflow/tfjs-backend-webgl') }
    expect(await tfjs({ backend: 'webgl' }).availability()).toMatchObject(availability)
    await expect(tfjs({ backend: 'webgl' }).compile(architecture, parameters)).rejects.toMatchObject({ code: 'BACKEND' })
    expect(tf.getBackend()).toBe('cpu')
  })

  it.each<[string, () => never]>([
    ['throws', () => expect.fail('no adapter')],
    ['rejects', () => Promise.reject(new Error('no adapter')) as never],
  ])('is not available if its start %s', async (title, factory) => {
    vi.spyOn(console, 'warn').mockReturnValue()
    tf.registerBackend(title, factory)
    expect(await tfjs({ backend: title }).availability()).toMatchObject({ available: false })
    await expect(tfjs({ backend: title }).compile(architecture, parameters)).rejects.toMatchObject({ code: 'BACKEND' })
    tf.removeBackend(title)
    expect(tf.getBackend()).toBe('cpu')
  })
})

it.each([{ backend: '' }, { backend: 1 }, { backend: null }, { backnd: 'cpu' }])('refuses the options %j', (options) => {
  expect(() => tfjs(options as object)).toThrow(expect.objectContaining({ code: 'OPTION' }))
})
