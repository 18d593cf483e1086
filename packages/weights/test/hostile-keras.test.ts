import { expect, test } from 'vitest'
import { readCheckpoint, readNetwork } from '../src/index.js'
import { refusalOf } from './support/expect-refusal.js'
import { functional as functionalOf, kerasLayers, layersModelTree } from './support/keras-model.js'
import { runKeras } from './support/run-keras.js'
import { expectSameLogits } from './support/same-logits.js'
import { smallNetworks } from './support/small-networks.js'
import type { Tree } from './support/structure.js'
import { tfjsFile, weightsOf } from './support/tfjs-tree.js'

type Json = Readonly<Record<string, unknown>>

const input = { class_name: 'InputLayer', config: { name: 'in', batch_input_shape: [null, 64, 64, 3] }, inbound_nodes: [] }

/** A layer that takes `from`, as Keras 2 writes it. */
function layer(className: string, config: Json, from = 'in', name = 'layer'): Json {
  return { class_name: className, config: { name, ...config }, inbound_nodes: [[[from, 0, 0, {}]]] }
}

function functional(layers: readonly unknown[], output = 'layer'): Json {
  return { class_name: 'Functional', config: { layers, input_layers: [['in', 0, 0]], output_layers: [[output, 0, 0]] } }
}

async function messageOf(modelTopology: Json | string): Promise<string> {
  const weightsManifest = [{ paths: [], weights: [] }]
  const text =
    typeof modelTopology === 'string'
      ? `{"weightsManifest":${JSON.stringify(weightsManifest)},"modelTopology":${modelTopology}}`
      : JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest })
  const readSibling = async (): Promise<Uint8Array> => new Uint8Array()
  return (await refusalOf(() => readCheckpoint(new TextEncoder().encode(text), { readSibling }))).message
}

const convolution = { filters: 8, kernel_size: [3, 3], strides: [2, 2], padding: 'same', use_bias: false }

test.each<[string, Json, string]>([
  ['a layer of Python code', functional([input, layer('Lambda', { function: 'print' })]), 'Replace the Lambda layer by Rescaling'],
  [
    'an activation of Python code',
    functional([input, layer('Activation', { activation: { class_name: '__lambda__' } })]),
    'activation that follows no convolution',
  ],
  [
    'a layer that resizes',
    functional([input, layer('Resizing', { height: 32, width: 32 })]),
    'without the layers that resize its input',
  ],
  ['a layer of TensorFlow Hub', functional([input, layer('KerasLayer', { handle: 'https://tfhub.dev/x' })]), 'as a SavedModel'],
  [
    'channels first',
    functional([{ ...input, config: { name: 'in', batch_input_shape: [null, 3, 64, 64] } }, layer('ReLU', {})]),
    'has channels first',
  ],
  [
    'a layer that is applied twice',
    functional([input, { ...layer('ReLU', {}), inbound_nodes: [[['in', 0, 0, {}]], [['in', 0, 0, {}]]] }]),
    'applied twice',
  ],
  ['a layer before what it takes', functional([input, layer('ReLU', {}, 'later')]), 'before a layer whose output it takes'],
  ['two layers of one name', functional([input, layer('ReLU', {}), layer('ReLU', {})]), 'two layers have one name'],
  ['an output that is not there', functional([input, layer('ReLU', {})], 'nowhere'), 'its output is not there'],
  [
    'two inputs',
    {
      ...functional([input]),
      config: {
        layers: [input],
        input_layers: [
          ['in', 0, 0],
          ['in', 0, 0],
        ],
        output_layers: [['in', 0, 0]],
      },
    },
    'it does not have one input',
  ],
  ['no output', functional([input], 'in'), 'No operator gives an output'],
  [
    'pictures of five channels',
    functional([{ ...input, config: { name: 'in', batch_input_shape: [null, 64, 64, 5] } }]),
    'not pictures',
  ],
  ['channels first', functional([input, layer('Conv2D', { ...convolution, data_format: 'channels_first' })]), 'channels_last'],
  ['two strides', functional([input, layer('Conv2D', { ...convolution, strides: [1, 2] })]), 'one strides for height and width'],
  ['groups', functional([input, layer('Conv2D', { ...convolution, groups: 2 })]), 'groups or multiplier 2'],
  ['dilation', functional([input, layer('DepthwiseConv2D', { ...convolution, dilation_rate: [2, 2] })]), 'dilation 2'],
  ['BatchNorm of another axis', functional([input, layer('BatchNormalization', { axis: [1] })]), 'the last axis'],
  ['BatchNorm of its input', functional([input, layer('BatchNormalization', { scale: false })]), 'a second BatchNorm'],
  ['a pool of a part', functional([input, layer('AveragePooling2D', { pool_size: [2, 2] })]), 'one window of 2 x 2'],
  [
    'a quotient of numbers',
    functional([
      input,
      {
        ...layer('TrueDivide', {}),
        inbound_nodes: [{ args: [1, { class_name: '__keras_tensor__', config: { keras_history: ['in', 0, 0] } }] }],
      },
    ]),
    'follows no convolution',
  ],
  [
    'a sum of three',
    functional([
      input,
      {
        ...layer('Add', {}),
        inbound_nodes: [
          [
            ['in', 0, 0, {}],
            ['in', 0, 0, {}],
            ['in', 0, 0, {}],
          ],
        ],
      },
    ]),
    'a sum of 3',
  ],
  [
    'an activation of two',
    functional([
      input,
      {
        ...layer('ReLU', {}),
        inbound_nodes: [
          [
            ['in', 0, 0, {}],
            ['in', 0, 0, {}],
          ],
        ],
      },
    ]),
    'one input',
  ],
  ['an activation as a class', functional([input, layer('linear', {})]), 'the layers of a MobileNet classifier'],
  ['neither Sequential nor functional', { class_name: 'Mine', config: {} }, 'neither Sequential nor functional'],
])('a Keras model with %s', async (_, model, message) => {
  expect(await messageOf(model)).toContain(message)
})

test('models in models, 100 deep', async () => {
  let model: Json = { class_name: 'Sequential', config: { name: 'm', layers: [] } }
  for (let depth = 0; depth < 100; depth++) model = { class_name: 'Sequential', config: { name: 'm', layers: [model] } }
  expect(await messageOf(model)).toContain('at most 100 levels')
})

test('arguments of lists in lists, 100,000 deep, in both forms', async () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  for (const node of [deep, `{"args": [${deep}]}`]) {
    const relu = `{"class_name": "ReLU", "config": {"name": "layer"}, "inbound_nodes": [${node}]}`
    const message = await messageOf(`{"class_name": "Functional", "config": {"layers": [${JSON.stringify(input)}, ${relu}]}}`)
    expect(message).toContain('at most 100 levels')
  }
})

const layers = kerasLayers(smallNetworks[0]!)
const files = layersModelTree(layers) as { readonly model: object; readonly weights: Tree }

test.each([
  ['kernel_size":[3,3]', 'kernel_size":[1,3]', 'a kernel [1, 3, 3, 8]'],
  ['"filters":8', '"filters":9', 'a kernel [3, 3, 3, 9]'],
  ['"units":3', '"units":4', 'a kernel of 4 units'],
  ['"strides":[2,2]', '"strides":[2,[]]', 'a number at'],
  ['"strides":[2,2]', '"strides":[]', 'strides for height and width'],
  ['"threshold":0', '"threshold":1e-45', 'relu from 1e-45 to 6, slope 0'],
  ['"negative_slope":0', '"negative_slope":-1e-45', 'relu from 0 to 6, slope -1e-45'],
  ['"max_value":6', '"max_value":6.005', 'relu from 0 to 6.005, slope 0'],
])('a layer with %s that states %s', async (before, after, expected) => {
  const model = JSON.parse(JSON.stringify(files.model).replace(before, after)) as Tree
  const { bytes, siblings } = tfjsFile({ model, weights: files.weights })
  const readSibling = async (name: string): Promise<Uint8Array | null> => siblings?.get(name) ?? null
  expect((await refusalOf(() => readNetwork(bytes, { readSibling }))).message).toContain(expected)
})

test.each([
  ['of another kernel', 'Conv2D', { filters: 8, kernel_size: [1e308, 1], strides: [1, 1] }, ['stem']],
  ['of other channels', 'DepthwiseConv2D', { kernel_size: [3, 3], strides: [1, 1], padding: 'same' }, ['pool']],
  ['of two shapes', 'Add', {}, ['stem', 'pool']],
  ['that no MobileNetV2 has', 'Mine', {}, ['stem']],
])('a layer %s that the output does not need is left out', async (_, className, config, from) => {
  const tree = layersModelTree(layers)
  const { model, weights } = tree as { readonly model: Readonly<Record<string, Tree>>; readonly weights: Tree }
  const unneeded = {
    class_name: className,
    config: { name: 'unneeded', ...config },
    inbound_nodes: [from.map((name) => [name, 0, 0, {}])],
  }
  const [answer] = layers.slice(-1)
  const model_config = functionalOf([...layers.slice(0, -1), { layer: unneeded, variables: [] }, answer!])
  const { bytes, siblings } = tfjsFile({ model: { ...model, modelTopology: { model_config } }, weights })
  const readSibling = async (name: string): Promise<Uint8Array | null> => siblings?.get(name) ?? null
  expectSameLogits(await readNetwork(bytes, { readSibling }), (picture) => runKeras(model_config, weightsOf(tree), picture))
})
