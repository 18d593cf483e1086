import { defineMobileNetV2, type MobileNetV2Options } from '@mobilenetv2/spec'
import { expectAllClose, runReference, seededInput, seededParameters } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { type Network, type RunnableNetwork, readNetwork, toOnnx, toTfjs, toTflite } from '../src/index.js'

const formats = {
  ONNX: (network: RunnableNetwork) => readNetwork(toOnnx(network)),
  'TensorFlow Lite': (network: RunnableNetwork) => readNetwork(toTflite(network)),
  'TensorFlow.js': (network: RunnableNetwork): Promise<Network> => {
    const { modelJson, shards } = toTfjs(network)
    const readSibling = async (name: string): Promise<Uint8Array | null> =>
      shards.find((shard) => shard.name === name)?.bytes ?? null
    return readNetwork(new TextEncoder().encode(JSON.stringify(modelJson)), { readSibling })
  },
}

/** Strides that multiply to 2: the last map of 8 x 8 pixels has 16 positions, where strides of 32 would leave one. */
const small: MobileNetV2Options = {
  table: [
    [1, 4, 1, 1],
    [2, 4, 1, 1],
  ],
  stemChannels: 8,
  headChannels: 8,
  classes: 3,
  height: 8,
  width: 8,
}

const networks: readonly (readonly [name: string, options: MobileNetV2Options])[] = [
  ['layers on each position before a maximum', { ...small, pool: 'max', positionLayers: [{ units: 6, activation: 'relu6' }] }],
  ['a dense layer over the whole map', { ...small, pool: 'none', headLayers: [{ units: 4, activation: 'relu' }] }],
  [
    'layers on each position without a last convolution',
    { ...small, headChannels: 0, positionLayers: [{ units: 6, activation: 'relu' }] },
  ],
  [
    'strides of 4 and an odd size',
    {
      ...small,
      height: 9,
      width: 14,
      stemStride: 2,
      table: [
        [1, 4, 1, 2],
        [2, 4, 2, 1],
      ],
      pool: 'none',
    },
  ],
  [
    'zeros as in PyTorch, at odd sizes',
    {
      ...small,
      height: 47,
      width: 33,
      padding: 'symmetric',
      table: [
        [1, 4, 1, 2],
        [2, 4, 2, 2],
      ],
    },
  ],
  [
    'zeros as in TensorFlow, of one odd extent',
    {
      ...small,
      height: 33,
      width: 64,
      table: [
        [1, 4, 1, 2],
        [2, 4, 2, 2],
      ],
    },
  ],
]

/** What is read must compute what was written. */
test.each(
  networks.flatMap(([name, options]) => Object.entries(formats).map(([format, read]) => [name, format, options, read] as const)),
)('%s, from %s: the logits of the network that was written', async (_name, _format, options, read) => {
  const architecture = defineMobileNetV2({ padding: 'same', ...options })
  const parameters = seededParameters(architecture)
  const input = seededInput(architecture)
  const found = await read({ architecture, parameters })
  const { logits } = runReference(found.architecture, found.parameters, input)
  expect(logits).toHaveLength(3)
  expectAllClose(logits, runReference(architecture, parameters, input).logits, { relative: 1e-4 })
})
