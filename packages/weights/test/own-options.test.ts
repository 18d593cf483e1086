import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { expect, it } from 'vitest'
import { type ArchitectureOverrides, readCheckpoint, readNetwork, toNetwork, toOnnx, toSafetensors } from '../src/index.js'

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

const headed = { ...options, headLayers: [{ units: 4, activation: 'relu' }] } as const
const parameters = seededParameters(defineMobileNetV2(headed))
const architecture = defineMobileNetV2(headed)

it.each([
  ['a safetensors file', toSafetensors({ ...network, options: headed, parameters })],
  ['a graph with a description', toOnnx({ ...network, options: headed, architecture, parameters })],
  ['a graph', toOnnx({ architecture, parameters })],
])("the caller's pool and activation of the head are not ignored: %s", async (kind, bytes) => {
  const asked = (architecture: ArchitectureOverrides) => readNetwork(bytes, { architecture })
  if (kind === 'a safetensors file') expect((await asked({ pool: 'max' })).options.pool).toBe('max')
  else await expect(asked({ pool: 'max' })).rejects.toThrow('a globalAveragePool')
  expect((await asked({ pool: 'average' })).reasons).toContain('average pool: as asked for')
  const refusal = { code: 'OPTION', message: expect.stringContaining('option architecture.headActivation') }
  await expect(asked({ headActivation: 'gelu' })).rejects.toMatchObject(refusal)
})

it('a pool that the caller asks for contradicts a head on a flattened map', async () => {
  const flat = { ...options, height: 64, width: 64, pool: 'none' } as const
  const bytes = toSafetensors({ ...network, options: flat, parameters: seededParameters(defineMobileNetV2(flat)) })
  await expect(readNetwork(bytes, { architecture: { pool: 'max' } })).rejects.toThrow('tensor classifier.kernel')
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
