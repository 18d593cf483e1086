import '@tensorflow/tfjs-backend-webgpu'
import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { expectAllClose, runReference, seededInput, seededParameters, seededValues } from '@mobilenetv2/testing'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type WebGpuModel, webgpu } from '../src/index.js'
import { runTensor, tfjsDevice } from '../src/tfjs.js'
import { type Counts, countOn } from './support/counted-device.js'

const table = [[2, 8, 2, 2]] as const
const architecture = defineMobileNetV2({ table, stemChannels: 8, headChannels: 18, height: 32, width: 32, classes: 10 })
const parameters = seededParameters(architecture)
const shape: [number, number, number, number] = [2, 32, 32, 3]
const input = seededInput(architecture, 2)
const expected = runReference(architecture, parameters, input, { batch: 2, outputs: ['logits', 'features'] })
const close = { relative: 1e-4 }

let model: WebGpuModel
let counts: Counts
beforeAll(async () => {
  await tf.setBackend('webgpu')
  await tf.ready()
  counts = countOn(tfjsDevice())
  model = await webgpu({ device: tfjsDevice() }).compile(architecture, parameters)
})
afterAll(() => {
  const device = tfjsDevice()
  model.dispose()
  tf.removeBackend('webgpu')
  device.destroy()
})

describe('with TensorFlow.js on the same device', () => {
  it('a tensor made there is classified, and features go on into a dense layer, with nothing mapped in between', async () => {
    const kernel = tf.tensor2d(seededValues('kernel', 18 * 4, -1, 1), [18, 4])
    const halves = tf.tensor4d(
      input.map((value) => value / 2),
      shape,
    )
    const pictures = tf.add(halves, halves)
    const before = counts.mapped
    const { logits, features } = await runTensor(model, pictures, { outputs: ['logits', 'features'] })
    const dense = tf.matMul(features, kernel)
    expect(counts.mapped).toBe(before)
    expect([logits.shape, features.shape]).toEqual([
      [2, 10],
      [2, 18],
    ])
    const product = tf.matMul(tf.tensor2d(expected.features, [2, 18]), kernel)
    expectAllClose(await dense.data(), await product.data(), close)
    expect(counts.mapped).toBeGreaterThan(before)
    expectAllClose(await logits.data(), expected.logits, close)
    expectAllClose(await features.data(), expected.features, close)
    tf.dispose([kernel, halves, pictures, logits, features, dense, product])
  })

  it('takes a tensor that is made of numbers, keeps results apart from later runs, and leaves no tensor behind', async () => {
    const { numTensors } = tf.memory()
    const pictures = tf.tensor4d(input, shape)
    const first = await runTensor(model, pictures)
    const zeros = tf.zeros<tf.Rank.R4>(shape)
    const second = await runTensor(model, zeros)
    expectAllClose(await first.logits.data(), expected.logits, close)
    const ofZeros = runReference(architecture, parameters, new Float32Array(input.length), { batch: 2 })
    expectAllClose(await second.logits.data(), ofZeros.logits, close)
    tf.dispose([pictures, zeros, first.logits, second.logits])
    expect(tf.memory().numTensors).toBe(numTensors)
  })

  it('refuses another shape or type, and a model on another device', async () => {
    for (const wrong of [tf.zeros([1, 32, 31, 3]), tf.zeros([32, 32, 3]), tf.zeros(shape, 'int32')]) {
      await expect(runTensor(model, wrong)).rejects.toMatchObject({ code: 'INPUT' })
    }
    using other = await webgpu().compile(architecture, parameters)
    await expect(runTensor(other, tf.zeros(shape))).rejects.toMatchObject({ code: 'BACKEND' })
  })
})
