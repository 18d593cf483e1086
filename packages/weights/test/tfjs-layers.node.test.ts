import { expectAllClose, runReference, seededValues, softmax } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { readCheckpoint, readNetwork, toNetwork } from '../src/index.js'
import { golden, goldenBytes } from './support/goldens.js'
import { logitsOf } from './support/logits-of.js'
import { nsfwjsFiles } from './support/nsfwjs-files.js'

const { logits } = golden<{ logits: Record<string, number[]> }>('tfjs-layers.json')

test.each(Object.keys(logits))(
  "a layers-model of %s: TensorFlow.js's logits within 1e-5 of the largest, from model.json and its shards alone",
  async (dtype) => {
    const asked: string[] = []
    const readSibling = async (name: string): Promise<Uint8Array | null> => {
      if (!name.startsWith('tfjs-layers')) return null
      asked.push(name)
      return goldenBytes(name)
    }
    const checkpoint = await readCheckpoint(goldenBytes(`tfjs-layers-${dtype}.json.gz`), { readSibling, siblingNames: [] })
    expect(asked.length).toBe(dtype === 'uint16' ? 2 : 1)
    expect(checkpoint).toMatchObject({
      format: 'tfjs-layers-model',
      metadata: { generatedBy: 'TensorFlow.js tfjs-layers v4.22.0' },
      graph: { endsIn: 'softmax' },
    })
    expect([...checkpoint.tensors.values()].every((tensor) => tensor.dtype === dtype)).toBe(true)
    const network = await toNetwork(checkpoint)
    const { options, source } = network
    expect(source.naming).toBe('structural')
    expect(options).toMatchObject({ widthMultiplier: 0.1, height: 64, width: 64, classes: 4, headChannels: 64, padding: 'same' })
    expectAllClose(logitsOf(network, 64), logits[dtype]!, { relative: 1e-5 })
  },
)

test("the layers-model inside of nsfwjs: three dense layers, and TensorFlow.js's probabilities within 1e-5", async () => {
  const { model, shards } = await nsfwjsFiles('mobilenet_v2')
  const { options, architecture, parameters } = await readNetwork(model, { readSibling: async (name) => shards.get(name) ?? null })
  expect(options).toEqual({
    ...{ widthMultiplier: 1, height: 224, width: 224, classes: 5, padding: 'same', batchNormEpsilon: 1e-3 },
    headLayers: [
      { units: 256, activation: 'relu' },
      { units: 128, activation: 'relu' },
    ],
  })
  // Unlike Keras's own models, this one was trained on values of 0 to 1.
  const pixels = seededValues('pixels', 224 * 224 * 3, 0, 1)
  const found = runReference(architecture, parameters, pixels)
  expectAllClose(softmax(found.logits), golden<{ layersModel: number[] }>('nsfwjs.json').layersModel, { absolute: 1e-5 })
}, 60_000)
