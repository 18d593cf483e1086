import { defineMobileNetV2, type MobileNetV2Options } from '@mobilenetv2/spec'
import { expectAllClose, runReference, seededInput, seededParameters } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { type Network, type RunnableNetwork, readNetwork, toOnnx, toTfjs, toTflite } from '../src/index.js'
import { smallest } from './support/small-options.js'

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

// The strides of the smallest network multiply to 2: its last map has 16 positions, where strides of 32 would leave one.
const networks: readonly (readonly [name: string, options: MobileNetV2Options])[] = [
  ['layers on each position before a maximum', { ...smallest, pool: 'max', positionLayers: [{ units: 6, activation: 'relu6' }] }],
  ['a dense layer over the whole map', { ...smallest, pool: 'none', headLayers: [{ units: 4, activation: 'relu' }] }],
  [
    'layers on each position without a last convolution',
    { ...smallest, headChannels: 0, positionLayers: [{ units: 6, activation: 'relu' }] },
  ],
  [
    'strides of 4 and an odd size',
    {
      ...smallest,
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
      ...smallest,
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
      ...smallest,
      height: 33,
      width: 64,
      table: [
        [1, 4, 1, 2],
        [2, 4, 2, 2],
      ],
    },
  ],
]

/** The network that is read must compute the same as the one that was written. */
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
