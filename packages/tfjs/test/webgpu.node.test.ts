import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { describeBackendConformance, expectAllClose, runReference, seededInput, seededParameters } from '@mobilenetv2/testing'
import { provideWebGpu } from '@mobilenetv2/testing/node-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { tfjs, train } from '../src/index.js'
import { useBackend } from './support/backends.js'
import { smallTraining } from './support/small-training.js'

const whole = process.env.MOBILENETV2_TFJS_WEBGPU !== undefined

beforeAll(async () => {
  await provideWebGpu()
  await useBackend('webgpu')
}, 60_000)

describe('tfjs-backend-webgpu, logits and features within 1e-4 of the largest', () => {
  it.each([
    ['symmetric', 64, 64],
    ['same', 51, 37],
  ] as const)('%s padding at %d x %d', { timeout: 60_000 }, async (padding, height, width) => {
    const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height, width, classes: 10, padding })
    const parameters = seededParameters(architecture)
    const model = await tfjs().compile(architecture, parameters)
    const options = { batch: 2, outputs: ['logits', 'features'] } as const
    const actual = await model.run(seededInput(architecture, 2), options)
    const expected = runReference(architecture, parameters, seededInput(architecture, 2), options)
    model.dispose()
    expectAllClose(actual.logits, expected.logits, { relative: 1e-4 })
    expectAllClose(actual.features, expected.features, { relative: 1e-4 })
  })
})

describe.skipIf(!whole)('the whole suite (left out: minutes on a software adapter; MOBILENETV2_TFJS_WEBGPU runs it)', () => {
  describeBackendConformance(tfjs())

  it('trains with the losses of the wasm backend within 1e-5, and leaves no tensor', { timeout: 300_000 }, async () => {
    await useBackend('wasm')
    const expected = await train({ ...smallTraining, epochs: 1 })
    await useBackend('webgpu')
    const before = tf.memory().numTensors
    const actual = await train({ ...smallTraining, epochs: 1 })
    expectAllClose(actual.losses, expected.losses, { relative: 1e-5 })
    expect(tf.memory().numTensors).toBe(before)
  })
})
