import { expect, test } from 'vitest'
import { openBudget } from '../src/formats/budget.js'
import { readJson } from '../src/formats/json.js'
import { readKerasModel } from '../src/formats/keras/model.js'
import { kerasNodes } from '../src/formats/keras/nodes.js'
import { type Graph, isWeightedOperator } from '../src/graph/graph.js'
import type { GraphNode } from '../src/graph/node.js'
import { toNetwork } from '../src/index.js'
import { mapReason } from '../src/match/total-stride.js'
import { greyWeights } from '../src/stem-channels.js'
import { graphCheckpoint } from './support/checkpoints.js'
import { refusalOf } from './support/expect-refusal.js'

const checkpoint = await graphCheckpoint()
const graph = checkpoint.graph!

function nodesOf(layers: readonly object[], channels = 1): readonly GraphNode[] {
  const shape = [null, 96, 96, channels]
  const input = { class_name: 'InputLayer', name: 'in', config: { name: 'in', batch_shape: shape }, inbound_nodes: [] }
  const ends = { input_layers: [['in', 0, 0]], output_layers: [['last', 0, 0]] }
  const model = { class_name: 'Functional', config: { name: 'model', layers: [input, ...layers], ...ends } }
  const budget = openBudget(0)
  return kerasNodes(readKerasModel(readJson(new TextEncoder().encode(JSON.stringify(model)), budget), budget), new Map())
}

const kindsOf = (nodes: readonly GraphNode[]): string[] => nodes.map(({ kind }) => kind)

/** A layer or an operation of Keras 3. */
function keras3(name: string, className: string, args: readonly unknown[], config: object = {}) {
  return { class_name: className, name, config: { name, ...config }, inbound_nodes: [{ args, kwargs: {} }] }
}
const tensor = (name: string) => ({ class_name: '__keras_tensor__', config: { keras_history: [name, 0, 0] } })

/** A function of TensorFlow in a model of Keras 2. */
function keras2(name: string, called: string, inbound: unknown) {
  return { class_name: 'TFOpLambda', name, config: { name, function: called }, inbound_nodes: [inbound] }
}

test.each([
  ['Concatenate', [keras3('last', 'Concatenate', [[tensor('in'), tensor('in'), tensor('in')]], { axis: -1 })]],
  ['ops.tile', [keras3('last', 'Tile', [tensor('in')], { repeats: [1, 1, 1, 3] })]],
  ['ops.repeat', [keras3('last', 'Repeat', [tensor('in')], { repeats: 3, axis: -1 })]],
  ['tf.image.grayscale_to_rgb', [keras2('last', 'image.grayscale_to_rgb', ['in', 0, 0, {}])]],
  [
    'tf.concat',
    [
      keras2('last', 'concat', [
        ['in', 0, 0, { axis: 3 }],
        ['in', 0, 0],
        ['in', 0, 0],
      ]),
    ],
  ],
  ['tf.tile', [keras2('last', 'tile', ['in', 0, 0, { multiples: [1, 1, 1, 3] }])]],
])('%s makes three equal channels of one', (_, layers) => {
  expect(kindsOf(nodesOf(layers))).toEqual(['repeat'])
})

test.each([
  ['twice', [keras3('last', 'Concatenate', [[tensor('in'), tensor('in')]], { axis: -1 })]],
  ['along the height', [keras3('last', 'Tile', [tensor('in')], { repeats: [1, 3, 1, 1] })]],
  ['of a batch', [keras3('last', 'Tile', [tensor('in')], { repeats: [3, 1, 1, 1] })]],
  ['of as many axes as a hostile file likes', [keras3('last', 'Tile', [tensor('in')], { repeats: Array(50).fill(3) })]],
])('a repetition %s is refused', async (_, layers) => {
  const { message } = await refusalOf(async () => nodesOf(layers))
  expect(message).toContain("the input's one channel three times")
})

test('three channels are not repeated', async () => {
  const concatenate = keras3('last', 'Concatenate', [[tensor('in'), tensor('in'), tensor('in')]], { axis: -1 })
  const { message } = await refusalOf(async () => nodesOf([concatenate], 3))
  expect(message).toContain("the input's one channel three times")
})

test('a kernel that is given three equal channels is summed over them, and takes grey pictures', async () => {
  const [plain, grey] = await Promise.all([
    toNetwork(checkpoint),
    toNetwork({ ...checkpoint, graph: { ...graph, repeatsInput: true } }),
  ])
  const [colour, summed] = [plain.parameters.get('stem')!.kernel, grey.parameters.get('stem')!.kernel]
  const outputs = plain.parameters.get('stem')!.bias.length
  expect(summed).toHaveLength(colour.length)
  for (const at of [0, outputs - 1, colour.length - 3 * outputs]) {
    const sum = colour[at]! + colour[at + outputs]! + colour[at + 2 * outputs]!
    for (const [channel, weight] of greyWeights.entries()) {
      expect(summed[at + channel * outputs]).toBeCloseTo(sum * weight, 6)
    }
  }
  expect(grey.reasons.join('\n')).toContain('turned to grey')
  expect(plain.reasons.join('\n')).not.toContain('turned to grey')
})

test('three equal channels that are scaled by different numbers are refused', async () => {
  const inputScaling = { multiply: [1, 2, 3], add: [0] }
  const { message } = await refusalOf(() => toNetwork({ ...checkpoint, graph: { ...graph, repeatsInput: true, inputScaling } }))
  expect(message).toContain('scales the three equal channels')
})

test("means, maxima and forms in Keras's operations", () => {
  const convolution = { filters: 8, kernel_size: [3, 3], padding: 'same' }
  const map = keras3('map', 'Conv2D', [tensor('in')], convolution)
  expect(kindsOf(nodesOf([map, keras3('last', 'Mean', [tensor('map')], { axis: [1, 2], keepdims: false })]))).toContain(
    'globalAveragePool',
  )
  expect(kindsOf(nodesOf([map, keras3('last', 'Max', [tensor('map')], { axis: [1, 2], keepdims: true })]))).toContain(
    'globalMaxPool',
  )
  const kinds = kindsOf(
    nodesOf([
      map,
      keras2('mean', 'math.reduce_mean', ['map', 0, 0, { axis: [1, 2], keepdims: true }]),
      keras2('form', 'reshape', ['mean', 0, 0, { shape: [-1, 8] }]),
      keras2('last', 'nn.softmax', ['form', 0, 0, {}]),
    ]),
  )
  expect(kinds.slice(-3)).toEqual(['globalAveragePool', 'same', 'softmax'])
})

test.each([
  ['UpSampling2D', [keras3('last', 'UpSampling2D', [tensor('in')], { size: [3, 3] })]],
  ['Resizing', [keras3('last', 'Resizing', [tensor('in')], { height: 96, width: 96 })]],
  ['ops.image.resize', [keras3('last', 'Resize', [tensor('in')], { size: [96, 96] })]],
  ['tf.image.resize', [keras2('last', 'image.resize', ['in', 0, 0, { size: [96, 96] }])]],
])('%s of the input is refused, with what to save instead', async (_, layers) => {
  const { message } = await refusalOf(async () => nodesOf(layers, 3))
  expect(message).toContain('resizes its input itself')
  expect(message).toContain('Save the model without')
})

test('rows and columns of the input that TensorFlow copies are refused as resizing', async () => {
  const { message } = await refusalOf(async () =>
    nodesOf(
      [
        keras3('split', 'Reshape', [tensor('in')], { target_shape: [96, 1, 96, 3] }),
        keras3('last', 'Tile', [tensor('split')], { repeats: [1, 1, 3, 1, 1] }),
      ],
      3,
    ),
  )
  expect(message).toContain('resizes its input itself')
})

test('a convolution that makes three channels of a picture before the network is refused, with a way out', async () => {
  const [stem, ...rest] = graph.operators
  const one = { name: 'before', shape: [1, 1, 1, 3], dtype: 'float32', bytes: new Uint8Array(12), quantization: null } as const
  const before = { ...stem!, name: 'before', kernel: 'before', layout: 'HWIO', bias: null, batchNorm: null, activation: 'linear' }
  const operators = [before, stem!, ...rest] as Graph['operators']
  const tensors = new Map([...checkpoint.tensors, ['before', one]])
  const { message } = await refusalOf(() => toNetwork({ ...checkpoint, tensors, graph: { ...graph, operators } }))
  expect(message).toContain('before the first one of its MobileNet')
  expect(message).toContain('Concatenate')
})

test('layers after the last map are named, and not taken for the answers of a detector', async () => {
  const last = graph.operators.findLastIndex(({ kind }) => kind === 'depthwise') + 1
  const operators = graph.operators.map((operator, index) => (index === last ? { ...operator, activation: 'relu' } : operator))
  const { message } = await refusalOf(() =>
    toNetwork({ ...checkpoint, graph: { ...graph, operators: operators as Graph['operators'] } }),
  )
  expect(message).toContain('layers after its last map that are not read')
})

test("Keras's padding for an open size agrees with multiples of 32 alone", async () => {
  const even = { top: 0, bottom: 1, left: 0, right: 1 }
  const operators = graph.operators.map((operator, index) =>
    !isWeightedOperator(operator) || operator.stride === 1
      ? operator
      : { ...operator, padding: index === 0 ? ('same' as const) : even },
  )
  const open = { ...checkpoint, graph: { ...graph, operators, input: { ...graph.input, height: null, width: null } } }
  const network = await toNetwork(open, { architecture: { height: 96, width: 64 } })
  expect(network.architecture.input).toMatchObject({ height: 96, width: 64 })
  const { message } = await refusalOf(() => toNetwork(open, { architecture: { height: 150, width: 150 } }))
  expect(message).toContain('multiples of 32')
  expect(message).toContain('150 x 150')
})

test('a dense layer over a map of 5 x 5 says which sizes give it', () => {
  expect(mapReason(5)).toContain('129 to 160')
})
