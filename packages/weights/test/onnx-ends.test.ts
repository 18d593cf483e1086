import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { openBudget } from '../src/formats/budget.js'
import type { OnnxAttribute, OnnxModel, OnnxNode } from '../src/formats/onnx/model.js'
import { readOnnxModel } from '../src/formats/onnx/model.js'
import { onnxNodes } from '../src/formats/onnx/nodes.js'
import { assembleGraph } from '../src/graph/assemble-graph.js'
import { mapAxes } from '../src/graph/axes.js'
import { type Checkpoint, type StoredTensor, toNetwork, toOnnx } from '../src/index.js'
import { small } from './support/checkpoints.js'
import { refusalOf } from './support/expect-refusal.js'

const architecture = defineMobileNetV2({ ...small, padding: 'same' })
const parameters = seededParameters(architecture)
const model = readOnnxModel(toOnnx({ architecture, parameters }), openBudget(2 ** 24))

const attribute = (value: Partial<OnnxAttribute>): OnnxAttribute => ({
  ...{ float: null, integer: null, text: null, tensor: null, floats: [], integers: [] },
  ...value,
})

function node(
  operation: string,
  inputs: readonly string[],
  output: string,
  integers: Readonly<Record<string, number>> = {},
): OnnxNode {
  const attributes = new Map(Object.entries(integers).map(([name, integer]) => [name, attribute({ integer })]))
  return { operation, domain: '', inputs, outputs: [output], attributes }
}

function integers(name: string, shape: readonly number[], values: readonly number[]): StoredTensor {
  const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
  return { name, shape, dtype: 'int64', bytes, quantization: null }
}

function float(name: string, value: number): StoredTensor {
  return { name, shape: [], dtype: 'float32', bytes: new Uint8Array(Float32Array.of(value).buffer), quantization: null }
}

/** The network with other nodes after its logits. */
async function endingIn(
  nodes: readonly OnnxNode[],
  constants: readonly StoredTensor[] = [],
  outputs: readonly string[] = ['end'],
): Promise<Checkpoint> {
  const changed: Pick<OnnxModel, 'nodes' | 'tensors' | 'outputs'> = {
    nodes: [...model.nodes, ...nodes],
    tensors: new Map([...model.tensors, ...constants.map((tensor) => [tensor.name, tensor] as const)]),
    outputs,
  }
  const found = onnxNodes(changed, 'input', mapAxes('NCHW', { N: 1, C: 3, H: 64, W: 64 }))
  const input = { name: 'input', height: 64, width: 64, quantization: null, normalization: null }
  const graph = assembleGraph(input, found.nodes)
  return { format: 'onnx', file: 'test', tensors: found.parameters, graph, metadata: {} }
}

async function classifierOf(checkpoint: Checkpoint): Promise<Float32Array> {
  return (await toNetwork(checkpoint)).parameters.get('classifier')!.kernel
}

const plain = await classifierOf(await endingIn([node('Identity', ['logits'], 'end')]))

test('answers divided by a temperature are those of a smaller last layer', async () => {
  const divided = await endingIn([node('Div', ['logits', 't'], 'scaled'), node('Softmax', ['scaled'], 'end')], [float('t', 2)])
  const kernel = await classifierOf(divided)
  expect(kernel).toEqual(plain.map((value) => value / 2))
  expect((await toNetwork(divided)).classes.output).toBe('softmax')
  const shifted = [node('Mul', ['logits', 'a'], 'scaled'), node('Sub', ['scaled', 'b'], 'end')]
  const network = await toNetwork(await endingIn(shifted, [float('a', 4), float('b', 1)]))
  expect(network.parameters.get('classifier')!.kernel).toEqual(plain.map((value) => value * 4))
  const bias = parameters.get('classifier')!.bias
  expect(network.parameters.get('classifier')!.bias).toEqual(bias.map((value) => 4 * value - 1))
})

test('a softmax over the pictures is refused', async () => {
  const over = async (axis: number) => toNetwork(await endingIn([node('Softmax', ['logits'], 'end', { axis })]))
  for (const axis of [1, -1]) expect((await over(axis)).classes.output).toBe('softmax')
  expect((await refusalOf(() => over(0))).message).toContain('one over axis 0 of [1, 3]')
})

test('the answers for the first picture are the answers', async () => {
  expect(
    await classifierOf(await endingIn([node('Gather', ['logits', 'i'], 'end', { axis: 0 })], [integers('i', [], [0])])),
  ).toEqual(plain)
  const softmax = node('Softmax', ['logits'], 'p')
  const indexed = await endingIn([softmax, node('Gather', ['p', 'i'], 'end', { axis: 0 })], [integers('i', [], [0])])
  expect((await toNetwork(indexed)).classes.output).toBe('softmax')
  const sliced = [node('Slice', ['logits', 'from', 'to', 'axes'], 'end')]
  const constants = [integers('from', [1], [0]), integers('to', [1], [1]), integers('axes', [1], [0])]
  expect(await classifierOf(await endingIn(sliced, constants))).toEqual(plain)
})

test('the largest answer and its index are chosen from the answers', async () => {
  const ends = [node('ReduceMax', ['logits'], 'most', { keepdims: 0 }), node('ArgMax', ['logits'], 'index', { axis: 1 })]
  expect(await classifierOf(await endingIn(ends, [], ['most', 'index']))).toEqual(plain)
})

test('logits in another form are logits', async () => {
  const reshaped = [node('Flatten', ['logits'], 'flat'), node('Reshape', ['flat', 'shape'], 'end')]
  expect(await classifierOf(await endingIn(reshaped, [integers('shape', [2], [-1, 3])]))).toEqual(plain)
})

test.each([
  ['in another order', node('Gather', ['logits', 'i'], 'end', { axis: 1 }), integers('i', [3], [2, 1, 0])],
  ['but one left out', node('Gather', ['logits', 'i'], 'end', { axis: 1 }), integers('i', [], [0])],
])('classes %s are refused', async (_, last, constant) => {
  const error = await refusalOf(() => endingIn([last], [constant]))
  expect(error.message).toContain('values of an activation in their order')
  expect(error.message).toContain('without this step')
})

test('pools beside each other are refused as those of fastai', async () => {
  const pools = model.nodes.find(({ operation }) => operation === 'GlobalAveragePool')!
  const from = pools.inputs[0]!
  const most = node('GlobalMaxPool', [from], 'most')
  const beside = [most, node('Flatten', ['most'], 'flat'), node('Concat', [pools.outputs[0]!, 'flat'], 'end', { axis: 1 })]
  expect((await refusalOf(() => endingIn(beside))).message).toContain('two pools of the same map')
  const added = [most, node('Add', [pools.outputs[0]!, 'most'], 'end')]
  expect((await refusalOf(() => endingIn(added))).message).toContain('two pools of the same map')
})

test.each([
  ['flattened behind an axis that is not there', [node('Flatten', ['logits'], 'end', { axis: 3 })], 'axis 3'],
  [
    'flattened to a column, and multiplied as a row',
    [node('Flatten', ['logits'], 'column', { axis: 2 }), node('Gemm', ['column', 'square'], 'end')],
    'a dense layer over channels',
  ],
  [
    'a map that is multiplied as a matrix',
    [node('Unsqueeze', ['logits', 'axes'], 'map'), node('Gemm', ['map', 'square'], 'end')],
    'rows of numbers',
  ],
])('%s', async (_, nodes, expected) => {
  const square: StoredTensor = { name: 'square', shape: [3, 3], dtype: 'float32', bytes: new Uint8Array(36), quantization: null }
  expect((await refusalOf(() => endingIn(nodes, [square, integers('axes', [1], [2])]))).message).toContain(expected)
})

test('a chosen class in another type, and values of classes in integers, are chosen from the answers', async () => {
  const cast = [node('ArgMax', ['logits'], 'index', { axis: 1 }), node('Cast', ['index'], 'end', { to: 6 })]
  expect(await classifierOf(await endingIn(cast))).toEqual(plain)
  const best = { ...node('TopK', ['logits', 'k'], 'most'), outputs: ['most', 'index'] }
  const rounded = [best, node('QuantizeLinear', ['most', 's'], 'q'), node('DequantizeLinear', ['q', 's'], 'end')]
  expect(await classifierOf(await endingIn(rounded, [integers('k', [1], [2]), float('s', 0.1)], ['end', 'index']))).toEqual(plain)
})

function floats(name: string, shape: readonly number[], values: readonly number[]): StoredTensor {
  return { name, shape, dtype: 'float32', bytes: new Uint8Array(Float32Array.from(values).buffer), quantization: null }
}

function int8(name: string, shape: readonly number[], values: readonly number[]): StoredTensor {
  return { name, shape, dtype: 'int8', bytes: new Uint8Array(Int8Array.from(values).buffer), quantization: null }
}

/** QuantizeLinear and DequantizeLinear of integers that cannot be negative. */
const neverNegative = (from: string, to: string, scale = 'scale'): readonly OnnxNode[] => [
  node('QuantizeLinear', [from, scale, 'lowest'], `${to} in integers`),
  node('DequantizeLinear', [`${to} in integers`, scale, 'lowest'], to),
]

const hidden: readonly StoredTensor[] = [
  ...[float('scale', 0.1), int8('lowest', [], [-128])],
  ...[floats('w', [3, 2], [1, 2, 3, 4, 5, 6]), floats('b', [2], [7, 8]), floats('w1', [3, 1], [1, 2, 3]), floats('b1', [1], [9])],
  ...[integers('rows', [2], [-1, 2]), integers('last', [1], [2]), floats('next', [2, 3], [1, 2, 3, 4, 5, 6])],
  floats('next1', [1, 3], [1, 2, 3]),
]

test.each([
  ['a Reshape before the bias', [node('Reshape', ['p', 'rows'], 'r'), node('Add', ['r', 'b'], 's')], 'w', 'next'],
  ['a Reshape after the bias', [node('Add', ['p', 'b'], 'r'), node('Reshape', ['r', 'rows'], 's')], 'w', 'next'],
  ['a new axis, and its removal', [node('Unsqueeze', ['p', 'last'], 'r'), node('Squeeze', ['r', 'last'], 's')], 'w', 'next'],
  ['one unit', [node('Add', ['p', 'b1'], 's')], 'w1', 'next1'],
])('a ReLU that the quantiser left out of a hidden layer: %s', async (_, between, kernel, next) => {
  const nodes = [
    node('MatMul', ['logits', kernel], 'p'),
    ...between,
    ...neverNegative('s', 'h'),
    node('MatMul', ['h', next], 'end'),
  ]
  const { options } = await toNetwork(await endingIn(nodes, hidden))
  expect(options.headLayers?.at(-1)?.activation).toBe('relu')
})

test.each(['Add', 'BatchNormalization'])('a product that is never negative, before its %s, has no ReLU', async (operation) => {
  const ones = [floats('one', [2], [1, 1]), floats('zero', [2], [0, 0])]
  const more = operation === 'Add' ? ['b'] : ['one', 'b', 'zero', 'one']
  const nodes = [node('MatMul', ['logits', 'w'], 'p'), ...neverNegative('p', 'h'), node(operation, ['h', ...more], 'end')]
  const { options, parameters: found } = await toNetwork(await endingIn(nodes, [...hidden, ...ones]))
  expect(options.headLayers).toMatchObject([{ units: 3, activation: 'linear' }])
  expect([...found.get('classifier')!.bias]).toEqual([7, 8])
})

test('integers without a zero point can be negative if they are signed', async () => {
  const dense = node('MatMul', ['logits', 'w'], 'p')
  const ends = [node('DequantizeLinear', ['q', 'scale'], 'h'), node('MatMul', ['h', 'next'], 'end')]
  const activation = async (type: number) => {
    const nodes = [dense, node('QuantizeLinear', ['p', 'scale'], 'q', { output_dtype: type }), ...ends]
    return (await toNetwork(await endingIn(nodes, hidden))).options.headLayers?.at(-1)?.activation
  }
  expect([await activation(2), await activation(3)]).toEqual(['relu', 'linear'])
})

test.each(['Softmax', 'Sigmoid'])(
  'answers that were never negative when they were quantised have no ReLU before a %s',
  async (last) => {
    const network = await toNetwork(await endingIn([...neverNegative('logits', 'l'), node(last, ['l'], 'end')], hidden))
    expect(network.parameters.get('classifier')!.kernel).toEqual(plain)
    expect(network.classes.output).toBe(last.toLowerCase())
  },
)

test.each([
  ['a Min', node('Min', ['h', 'six'], 'm')],
  ['a Clip', node('Clip', ['h', '', 'six'], 'm')],
])('a ReLU that the quantiser left out, and %s of 6 that it did not, are a ReLU6', async (_, bound) => {
  const product = [node('MatMul', ['logits', 'w'], 'p'), ...neverNegative('p', 'h'), bound, node('MatMul', ['m', 'next'], 'end')]
  const { options } = await toNetwork(await endingIn(product, [...hidden, float('six', 6)]))
  expect(options.headLayers?.at(-1)).toEqual({ units: 2, activation: 'relu6' })
})

test('a single quantised constant is a real number', async () => {
  const nodes = [node('DequantizeLinear', ['four', 'half'], 'two'), node('Mul', ['logits', 'two'], 'end')]
  const kernel = await classifierOf(await endingIn(nodes, [int8('four', [], [4]), float('half', 0.5)]))
  expect(kernel).toEqual(plain.map((value) => 2 * value))
})

test('a QLinearAdd of a bias for each channel of a map', async () => {
  const nodes = [
    node('MatMul', ['logits', 'w'], 'p'),
    node('Unsqueeze', ['p', 'axes'], 'map'),
    node('QuantizeLinear', ['map', 'scale', 'zero'], 'q'),
    node('QLinearAdd', ['q', 'scale', 'zero', 'bias', 'scale', 'zero', 'scale', 'zero'], 'sum'),
    node('DequantizeLinear', ['sum', 'scale', 'zero'], 'sums'),
    node('Flatten', ['sums'], 'end'),
  ]
  const constants = [integers('axes', [2], [2, 3]), int8('zero', [], [0]), int8('bias', [1, 2, 1, 1], [10, -20])]
  const network = await toNetwork(await endingIn(nodes, [...hidden, ...constants]))
  expect([...network.parameters.get('classifier')!.bias]).toEqual([1, -2].map((value) => expect.closeTo(value, 5)))
})

test('a kernel that the graph itself quantises is rounded and clamped, by channels', async () => {
  const scales = ['scales', 'zeros'] as const
  const nodes = [
    node('QuantizeLinear', ['w', ...scales], 'q', { axis: 1 }),
    node('DequantizeLinear', ['q', ...scales], 'd', { axis: 1 }),
    node('MatMul', ['logits', 'd'], 'end'),
  ]
  const constants = [floats('w', [3, 2], [1.2, 1.2, -0.75, -1.6, 200, -999]), floats('scales', [2], [0.5, 2])]
  const kernelOf = async (zeros: StoredTensor) => [...(await classifierOf(await endingIn(nodes, [...constants, zeros])))]
  // Halves are rounded to even.
  expect(await kernelOf(int8('zeros', [2], [0, 0]))).toEqual([1, 2, -1, -2, 63.5, -256])
  // The quotients are float32s: 0.35 / 0.1 is 3.5 in them, and less in float64.
  const third = [floats('w', [3, 2], [0.35, 1, 1, 1, 1, 1]), floats('scales', [2], [0.1, 1]), int8('zeros', [2], [0, 0])]
  expect((await classifierOf(await endingIn(nodes, third)))[0]).toBeCloseTo(0.4, 5)
  const unsigned: StoredTensor = { name: 'zeros', shape: [2], dtype: 'uint8', bytes: Uint8Array.of(10, 10), quantization: null }
  expect(await kernelOf(unsigned)).toEqual([1, 2, -1, -2, 122.5, -20])
})

test.each([
  ['relu', [4, 9], 'relu'],
  ['relu6', [4, 6], undefined],
  ['relu6', [4, 5], undefined],
] as const)('a network of %s whose integers end at %j', async (activation, ends, expected) => {
  const own = defineMobileNetV2({ ...small, padding: 'same', activation })
  const { nodes, tensors, outputs } = readOnnxModel(
    toOnnx({ architecture: own, parameters: seededParameters(own) }),
    openBudget(2 ** 24),
  )
  const scales = ends.map((end, index) => float(`end${index}`, end / 255))
  let clips = 0
  const changed = nodes.flatMap((each) => {
    if (each.operation !== 'Relu' && each.operation !== 'Clip') return [each]
    clips += 1
    return neverNegative(each.inputs[0]!, each.outputs[0]!, `end${clips % 2}`)
  })
  const constants = new Map([...tensors, ...[...scales, ...hidden].map((tensor) => [tensor.name, tensor] as const)])
  const model = { nodes: changed, tensors: constants, outputs }
  const found = onnxNodes(model, 'input', mapAxes('NCHW', { N: 1, C: 3, H: 64, W: 64 }))
  const input = { name: 'input', height: 64, width: 64, quantization: null, normalization: null }
  const graph = assembleGraph(input, found.nodes)
  const { options } = await toNetwork({ format: 'onnx', file: 'test', tensors: found.parameters, graph, metadata: {} })
  expect(options.activation).toBe(expected)
})

test("layers with channels last, which ONNX Runtime's highest level of optimisation makes, are refused", async () => {
  const last = node('QLinearGlobalAveragePool', ['logits', 's', 'z', 's', 'z'], 'end', { channels_last: 1 })
  const error = await refusalOf(() => endingIn([last], [float('s', 1), int8('z', [], [0])]))
  expect(error.message).toContain('ORT_ENABLE_EXTENDED')
})
