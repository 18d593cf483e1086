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
