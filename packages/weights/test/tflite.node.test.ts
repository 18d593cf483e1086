import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LayerId } from '@mobilenetv2/spec'
import { expectAllClose, softmax } from '@mobilenetv2/testing'
import { describe, expect, test } from 'vitest'
import { readCheckpoint, readNetwork, toNetwork } from '../src/index.js'
import { golden, goldenBytes } from './support/goldens.js'
import { logitsOf } from './support/logits-of.js'

test("a float model: LiteRT's probabilities within 1e-5 of the largest, from the file alone", async () => {
  const expected = golden<{ probabilities: number[] }>('float.json')
  const checkpoint = await readCheckpoint(goldenBytes('float.tflite'))
  const network = await toNetwork(checkpoint)
  expect(network).toMatchObject({
    source: { file: '(bytes)', format: 'tflite', naming: 'structural' },
    classes: { background: null },
    options: { widthMultiplier: 0.1, height: 64, width: 64, classes: 7, headChannels: 160, padding: 'same' },
    preprocessing: { geometry: { kind: 'shorterSide', size: 73 }, mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
  })
  expect(checkpoint.graph?.endsIn).toBe('softmax')
  expectAllClose(softmax(logitsOf(network, 64)), expected.probabilities, { relative: 1e-5 })
})

test('a full-integer model: kernels and biases stand for what LiteRT says', async () => {
  const { tensors } = golden<{ tensors: Record<string, { first: number; last: number }> }>('int8.json')
  const checkpoint = await readCheckpoint(goldenBytes('int8.tflite'))
  const { architecture, parameters } = await toNetwork(checkpoint)
  let compared = 0
  architecture.layers.forEach(({ id }, index) => {
    const operator = checkpoint.graph?.operators[index]
    if (operator === undefined || !('kernel' in operator)) return
    const { kernel, bias } = parameters.get(id)!
    for (const [values, name] of [
      [kernel, operator.kernel],
      [bias, operator.bias!],
    ] as const) {
      const expected = tensors[name]!
      // The first and the last value of a kernel are its first and last in every layout.
      expectAllClose([values[0]!, values.at(-1)!], [expected.first, expected.last], { relative: 1e-6 })
      compared += 1
    }
  })
  expect(compared).toBe(2 * 53)
})

test("a full-integer model that takes levels less 128: LiteRT's probabilities, and Keras's with the numbers that the integers stand for", async () => {
  const expected = golden<{ probabilities: number[]; floatProbabilities: number[] }>('int8.json')
  const found = softmax(logitsOf(await readNetwork(goldenBytes('int8.tflite')), 64))
  expectAllClose(found, expected.probabilities, { relative: 0.15 })
  expectAllClose(found, expected.floatProbabilities, { relative: 1e-4 })
})

const models = process.env.MOBILENETV2_MODELS
const real = [
  { file: 'mobilenet_v2_1.0_224_quant.tflite', classes: 1001, background: 0, first: 'background', stem: -0.5095338821411133 },
  { file: 'tf2_mobilenet_v2_1.0_224_ptq.tflite', classes: 1001, background: 0, first: 'background', stem: -0.30602601170539856 },
  {
    file: 'mobilenet_v2_1.0_224_inat_bird_quant.tflite',
    classes: 965,
    background: 964,
    first: "Haemorhous cassinii (Cassin's Finch)",
    stem: -0.26137229800224304,
  },
]
describe.skipIf(models === undefined)('published models (left out where MOBILENETV2_MODELS is not set)', () => {
  test.each(real)('$file', async ({ file, classes, background, first, stem }) => {
    const path = join(models!, file)
    expect(existsSync(path)).toBe(true)
    const checkpoint = await readCheckpoint(new Uint8Array(readFileSync(path)), { file })
    const { options, parameters, classes: known, preprocessing } = await toNetwork(checkpoint)
    expect(options).toEqual({ widthMultiplier: 1, height: 224, width: 224, classes, padding: 'same', batchNormEpsilon: 1e-3 })
    const labels = checkpoint.metadata.labels as readonly string[]
    expect({ first: labels[0], count: labels.length }).toEqual({ first, count: classes })
    expect(known).toMatchObject({ labels: labels.toSpliced(background, 1), background })
    expect(preprocessing).toEqual({
      geometry: { kind: 'shorterSide', size: 256, rounding: 'nearest' },
      interpolation: 'bilinear',
      mean: [0.5, 0.5, 0.5],
      deviation: [0.5, 0.5, 0.5],
    })
    expect(parameters.size).toBe(53)
    const stemId: LayerId = 'stem'
    expect(parameters.get(stemId)?.kernel[0]).toBe(stem)
  })
})
