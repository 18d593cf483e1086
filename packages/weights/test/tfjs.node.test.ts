import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { expectAllClose, runReference, seededValues } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { inferOptions, readCheckpoint, toParameters } from '../src/index.js'
import { golden } from './goldens.js'
import { nsfwjsFiles } from './nsfwjs-files.js'
import { softmax } from './softmax.js'

test("the graph-model inside of nsfwjs: TensorFlow.js's probabilities within 1e-4, from model.json and its shards alone", async () => {
  const { model, shards } = await nsfwjsFiles('mobilenet_v2_mid')
  const asked: string[] = []
  const readSibling = async (name: string): Promise<Uint8Array> => {
    asked.push(name)
    return shards.get(name)!
  }
  const checkpoint = await readCheckpoint(model, { file: 'model.json', readSibling })
  expect(asked).toEqual(['group1-shard1of2', 'group1-shard2of2'])
  const { options, preprocessing, naming, family, backgroundClass } = inferOptions(checkpoint)
  expect({ options, preprocessing, naming, family, backgroundClass }).toEqual({
    options: { widthMultiplier: 1.4, height: 224, width: 224, classes: 5, padding: 'same', batchNormEpsilon: 1e-3 },
    preprocessing: {
      geometry: { kind: 'stretch' },
      interpolation: 'bilinearAlignCorners',
      mean: [0.5, 0.5, 0.5],
      deviation: [0.5, 0.5, 0.5],
    },
    naming: 'structural',
    family: 'TensorFlow',
    backgroundClass: null,
  })
  const architecture = defineMobileNetV2(options)
  const pixels = seededValues('pixels', 224 * 224 * 3, 0, 1).map((value) => (value - 0.5) / 0.5)
  const { logits } = runReference(architecture, toParameters(checkpoint, architecture), pixels)
  expectAllClose(softmax(logits), golden<{ probabilities: number[] }>('nsfwjs.json').probabilities, { absolute: 1e-5 })
}, 60_000)
