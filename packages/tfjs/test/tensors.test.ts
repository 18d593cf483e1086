import { defineMobileNetV2, MobileNetV2Error } from '@mobilenetv2/spec'
import { expectAllClose, seededInput, seededParameters } from '@mobilenetv2/testing'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TfjsModel, tfjs } from '../src/index.js'
import { useBackend } from './support/backends.js'

const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 10 })
const shape = [1, 32, 32, 3] as [number, number, number, number]

let model: TfjsModel
let tensorsBefore: number
beforeAll(() => useBackend('wasm'))
beforeEach(async () => {
  tensorsBefore = tf.memory().numTensors
  model = await tfjs().compile(architecture, seededParameters(architecture))
})
afterEach(() => {
  model.dispose()
  expect(tf.memory().numTensors).toBe(tensorsBefore)
})

describe('tensors in, tensors out', () => {
  it('gives what run gives, and leaves the input', async () => {
    const { logits, features } = await model.run(seededInput(architecture), { outputs: ['logits', 'features'] })
    const input = tf.tensor4d(seededInput(architecture), shape)
    const results = model.execute(input, ['logits', 'features'])
    expect(results.logits.shape).toEqual([1, 10])
    expect(results.features.shape).toEqual([1, 1280])
    expectAllClose(results.logits.dataSync(), logits, {})
    expectAllClose(results.features.dataSync(), features, {})
    expect(input.isDisposed).toBe(false)
    tf.dispose([input, results.logits, results.features])
  })

  it('makes no tensor beside its results, and none in a tidy', () => {
    const input = tf.tensor4d(seededInput(architecture), shape)
    const before = tf.memory().numTensors
    const { logits } = model.execute(input)
    expect(tf.memory().numTensors).toBe(before + 1)
    tf.tidy(() => {
      model.execute(input, ['features'])
    })
    expect(tf.memory().numTensors).toBe(before + 1)
    tf.dispose([input, logits])
  })

  it('stays whole when it is compiled, and run, inside a tidy', async () => {
    let pending: Promise<TfjsModel> | undefined
    let running: Promise<{ logits: Float32Array }> | undefined
    tf.tidy(() => {
      pending = tfjs().compile(architecture, seededParameters(architecture))
      running = model.run(seededInput(architecture))
    })
    const other = await pending!
    expect((await other.run(seededInput(architecture))).logits).toEqual((await running!).logits)
    other.dispose()
  })
})

describe('refusals leave nothing behind', () => {
  it.each<[string, () => tf.Tensor]>([
    ['a disposed tensor', () => tf.tidy(() => tf.keep(tf.zeros(shape)))],
    ['another size', () => tf.zeros([1, 32, 33, 3])],
    ['no batch axis', () => tf.zeros([32, 32, 3])],
    ['an empty batch', () => tf.zeros([0, 32, 32, 3])],
    ['integers', () => tf.zeros(shape, 'int32')],
  ])('%s: INPUT', (title, make) => {
    const input = make()
    if (title === 'a disposed tensor') input.dispose()
    try {
      expect(() => model.execute(input as tf.Tensor4D)).toThrow(expect.objectContaining({ code: 'INPUT' }))
    } finally {
      if (!input.isDisposed) input.dispose()
    }
  })

  it('a run that is aborted, or whose model is disposed of, on the way', async () => {
    const large = defineMobileNetV2({ widthMultiplier: 0.35, classes: 10 })
    const other = await tfjs().compile(large, seededParameters(large))
    const before = tf.memory().numTensors
    const controller = new AbortController()
    const pending = other.run(seededInput(large, 16), { batch: 16, signal: controller.signal })
    setTimeout(() => controller.abort('enough'))
    await expect(pending).rejects.toBe('enough')
    // The layer that was under way ends first.
    await other.run(seededInput(large))
    expect(tf.memory().numTensors).toBe(before)
    const second = other.run(seededInput(large, 16), { batch: 16 })
    setTimeout(() => other.dispose())
    await expect(second).rejects.toMatchObject({ code: 'DISPOSED' })
  })

  it('a change of the tfjs backend: BACKEND', async () => {
    await useBackend('cpu')
    try {
      await expect(model.run(seededInput(architecture))).rejects.toBeInstanceOf(MobileNetV2Error)
      await expect(model.run(seededInput(architecture))).rejects.toMatchObject({ code: 'BACKEND' })
    } finally {
      await useBackend('wasm')
    }
  })
})
