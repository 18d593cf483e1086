import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { expect, it } from 'vitest'
import { readCheckpoint, readNetwork, toNetwork, toSafetensors } from '../src/index.js'

const options = {
  widthMultiplier: 0.1,
  height: 32,
  width: 32,
  classes: 3,
  headChannels: 16,
  activation: 'relu',
  stemStride: 1,
} as const
const network = {
  options,
  parameters: seededParameters(defineMobileNetV2(options)),
  preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0, 0, 0], deviation: [1, 1, 1] },
  classes: { labels: ['a', 'b', 'c'], background: null, output: 'softmax' },
} as const

it("the caller's architecture is believed before the description of a file, also if it is the usual one", async () => {
  const bytes = toSafetensors(network)
  expect((await readNetwork(bytes)).options).toMatchObject({ activation: 'relu', stemStride: 1 })
  const asked = await readNetwork(bytes, { architecture: { activation: 'relu6', stemStride: 2 } })
  expect(asked.architecture.layers[0]).toMatchObject({ activation: 'relu6', stride: 2 })
})

it.each([
  ['a scale that makes infinities', { scales: [-1e300], zeroPoints: [0], axis: 0 }, 'not a finite number'],
  ['a zero point that is no number', { scales: [0.1], zeroPoints: [Number.NaN], axis: 0 }, 'not a finite number'],
  ['scales along another axis', { scales: [0.1, 0.2], zeroPoints: [0, 0], axis: 0 }, 'not quantised by its output channel'],
])('refuses, when it is read, a quantised kernel of %s', async (_, quantization, message) => {
  const checkpoint = await readCheckpoint(toSafetensors(network))
  const tensors = new Map(checkpoint.tensors)
  const kernel = tensors.get('block2.expand.kernel')!
  const bytes = new Uint8Array(kernel.shape.reduce((product, extent) => product * extent, 1)).fill(3)
  tensors.set(kernel.name, { ...kernel, dtype: 'int8', bytes, quantization })
  await expect(toNetwork({ ...checkpoint, tensors })).rejects.toThrow(message)
})
