import { expectAllClose, runReference, seededValues, softmax } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { readNetwork } from '../src/index.js'
import { golden } from './support/goldens.js'
import { nsfwjsFiles } from './support/nsfwjs-files.js'

test("the graph-model inside of nsfwjs: TensorFlow.js's probabilities within 1e-5, from model.json and its shards alone", async () => {
  const { model, shards } = await nsfwjsFiles('mobilenet_v2_mid')
  const asked: string[] = []
  const readSibling = async (name: string): Promise<Uint8Array | null> => {
    const shard = shards.get(name) ?? null
    if (shard !== null) asked.push(name)
    return shard
  }
  const network = await readNetwork(model, { file: 'model.json', readSibling, siblingNames: [...shards.keys()] })
  expect(asked).toEqual(['group1-shard1of2', 'group1-shard2of2'])
  const { options, architecture, parameters, preprocessing, classes, source } = network
  expect({ options, preprocessing, classes, source }).toEqual({
    options: { widthMultiplier: 1.4, height: 224, width: 224, classes: 5, padding: 'same', batchNormEpsilon: 1e-3 },
    preprocessing: {
      geometry: { kind: 'stretch' },
      interpolation: 'bilinearAlignCorners',
      mean: [0.5, 0.5, 0.5],
      deviation: [0.5, 0.5, 0.5],
    },
    classes: { labels: [], background: null, output: 'softmax', outputReason: 'the graph ends in a softmax' },
    source: { file: 'model.json', format: 'tfjs-graph-model', naming: 'structural' },
  })
  const pixels = seededValues('pixels', 224 * 224 * 3, 0, 1).map((value) => (value - 0.5) / 0.5)
  const { logits } = runReference(architecture, parameters, pixels)
  expectAllClose(softmax(logits), golden<{ probabilities: number[] }>('nsfwjs.json').probabilities, { absolute: 1e-5 })
}, 60_000)
