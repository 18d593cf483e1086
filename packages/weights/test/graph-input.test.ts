import { expect, test } from 'vitest'
import { openBudget } from '../src/formats/budget.js'
import { foldConstants } from '../src/formats/fold-constants.js'
import { readJson } from '../src/formats/json.js'
import { isHubVariable } from '../src/formats/keras/hub.js'
import { readKerasModel } from '../src/formats/keras/model.js'
import { kerasNodes } from '../src/formats/keras/nodes.js'
import type { Graph } from '../src/graph/graph.js'
import { type StoredTensor, toNetwork } from '../src/index.js'
import { kerasNamings } from '../src/namings/keras.js'
import { graphCheckpoint, small } from './support/checkpoints.js'
import { refusalOf } from './support/expect-refusal.js'
import { stateDict } from './support/state-dict.js'

const checkpoint = await graphCheckpoint()
const graph = checkpoint.graph!

function recipeOf(changes: Partial<Graph>) {
  return toNetwork({ ...checkpoint, graph: { ...graph, ...changes } }).then(({ preprocessing }) => preprocessing)
}

test('a graph that subtracts a mean of levels takes levels, though its first kernel contains the factor', async () => {
  const { mean, deviation } = await recipeOf({ inputScaling: { multiply: [1], add: [-127.5] } })
  expect(mean).toEqual([0.5, 0.5, 0.5])
  expect(deviation).toEqual([1 / 255, 1 / 255, 1 / 255])
  const units = await recipeOf({ inputScaling: { multiply: [1], add: [-0.5] } })
  expect(units).toMatchObject({ mean: [0.5, 0.5, 0.5], deviation: [1, 1, 1] })
})

test('metadata of mean 0 and deviation 1 leave an input of integers to its own scale', async () => {
  const normalization = { mean: [0], deviation: [1] }
  const quantization = { dtype: 'int8', scales: [1 / 255], zeroPoints: [-128], axis: 0 } as const
  const integers = await recipeOf({ input: { ...graph.input, normalization, quantization } })
  expect(integers).toMatchObject({ mean: [0, 0, 0], deviation: [1, 1, 1] })
  const floats = await recipeOf({ input: { ...graph.input, normalization, quantization: null } })
  expect(floats).toMatchObject({ mean: [0, 0, 0], deviation: [1 / 255, 1 / 255, 1 / 255] })
})

test.each([
  ['dark pictures of 0 to 1', 0, 0.6, [0, 0, 0], [1, 1, 1]],
  ['dark pictures of levels', 0, 153, [0, 0, 0], [1 / 255, 1 / 255, 1 / 255]],
  ['dark pictures of -1 to 1', -1, 0.2, [0.5, 0.5, 0.5], [0.5, 0.5, 0.5]],
  ["pictures with ImageNet's mean and deviation", -2.127, 2.631, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]],
])('integers calibrated on %s', async (_, least, most, mean, deviation) => {
  const scale = (most - least) / 255
  const zeroPoint = Math.round(-128 - least / scale)
  const quantization = { dtype: 'int8', scales: [scale], zeroPoints: [zeroPoint], axis: 0 } as const
  const integers = await recipeOf({ input: { ...graph.input, quantization } })
  expect(integers).toMatchObject({ mean, deviation })
  const floats = await recipeOf({ input: { ...graph.input, firstQuantization: quantization } })
  expect(floats).toMatchObject({ mean, deviation })
})

test('integers of another range say the mean and deviation by their scale', async () => {
  const quantization = { dtype: 'int8', scales: [0.02], zeroPoints: [0], axis: 0 } as const
  const { mean, deviation } = await recipeOf({ input: { ...graph.input, quantization } })
  expect(mean[0]).toBeCloseTo(128 / 255, 6)
  expect(deviation[0]).toBeCloseTo(1 / (0.02 * 255), 6)
})

const poolAt = graph.operators.findIndex(({ kind }) => kind === 'globalAveragePool')
const swapped = graph.operators.toSpliced(poolAt, 2, graph.operators[poolAt + 1]!, graph.operators[poolAt]!)

test('a classifier on each position whose answers are averaged is a classifier of the average', async () => {
  const [before, after] = [await toNetwork(checkpoint), await toNetwork({ ...checkpoint, graph: { ...graph, operators: swapped } })]
  expect(after.options).toEqual(before.options)
  expect(after.parameters).toEqual(before.parameters)
})

test('answers of positions with an activation before their average are refused, but not as those of a detector', async () => {
  const operators = swapped.map((operator, index) => (index === poolAt ? { ...operator, activation: 'sigmoid' } : operator))
  const error = await refusalOf(() => toNetwork({ ...checkpoint, graph: { ...graph, operators } as Graph }))
  expect(error.message).toContain('pools the logits that it gives for each position')
})

function scalesOf(layers: readonly object[]) {
  const input = { class_name: 'InputLayer', name: 'in', config: { name: 'in', batch_shape: [null, 32, 32, 3] }, inbound_nodes: [] }
  const ends = { input_layers: [['in', 0, 0]], output_layers: [['last', 0, 0]] }
  const model = { class_name: 'Functional', config: { name: 'model', layers: [input, ...layers], ...ends } }
  const budget = openBudget(0)
  const nodes = kerasNodes(readKerasModel(readJson(new TextEncoder().encode(JSON.stringify(model)), budget), budget), new Map())
  return nodes.flatMap((node) => (node.kind === 'scale' ? [{ multiply: node.multiply, add: node.add }] : []))
}

const operation = (name: string, called: string, inbound: unknown) => ({
  class_name: 'TFOpLambda',
  name,
  config: { name, function: called },
  inbound_nodes: [inbound],
})

test("Keras 2's operators: a cast, a number on the left, a vector and a bias", () => {
  const scales = scalesOf([
    operation('cast', 'cast', ['in', 0, 0, { dtype: 'float32' }]),
    operation('left', 'math.multiply', ['_CONSTANT_VALUE', -1, 0.5, { y: ['cast', 0, 0], name: null }]),
    operation('bias', 'nn.bias_add', ['left', 0, 0, { bias: [-1, -2, -3], data_format: 'NHWC' }]),
    operation('last', 'math.truediv', ['bias', 0, 0, { y: [2, 4, 8], name: null }]),
  ])
  expect(scales).toEqual([
    { multiply: [0.5], add: [0] },
    { multiply: [1], add: [-1, -2, -3] },
    { multiply: [0.5, 0.25, 0.125], add: [0] },
  ])
})

test("Keras 3's operators: a cast, and a constant tensor", () => {
  const tensor = (name: string) => ({ class_name: '__keras_tensor__', config: { keras_history: [name, 0, 0] } })
  const constant = { class_name: '__tensor__', config: { value: [[[[-1, -2, -3]]]], dtype: 'float32' } }
  const call = (name: string, className: string, args: readonly unknown[]) => ({
    class_name: className,
    name,
    config: { name },
    inbound_nodes: [{ args, kwargs: {} }],
  })
  expect(scalesOf([call('cast', 'Cast', [tensor('in')]), call('last', 'Add', [tensor('cast'), constant])])).toEqual([
    { multiply: [1], add: [-1, -2, -3] },
  ])
})

test("Keras 3's preprocess_input in a Lambda is that of any application: the reasons say what is assumed", async () => {
  const scaled = { multiply: [1 / 127.5], add: [-1], assumed: 'something is assumed' }
  const { reasons } = await toNetwork({ ...checkpoint, graph: { ...graph, inputScaling: scaled } })
  expect(
    reasons.filter((reason) => reason.endsWith('the graph itself scales its input of 0 to 255; something is assumed')),
  ).toHaveLength(2)
})

function float32s(name: string, shape: readonly number[], values: readonly number[]): StoredTensor {
  return { name, shape, dtype: 'float32', bytes: new Uint8Array(Float32Array.from(values).buffer), quantization: null }
}

test('weights alone with the variables of a Normalization are normalized by them', async () => {
  const weights = stateDict(kerasNamings[0]!, small)
  const withNormalization = (mean: readonly number[], variance: readonly number[]) => ({
    ...weights,
    tensors: new Map([
      ...weights.tensors,
      ['normalization/mean', float32s('normalization/mean', [3], mean)],
      ['normalization/variance', float32s('normalization/variance', [3], variance)],
    ]),
  })
  const levels = await toNetwork(withNormalization([51, 102, 127.5], [51 ** 2, 51 ** 2, 102 ** 2]))
  expect(levels.preprocessing).toMatchObject({ mean: [0.2, 0.4, 0.5], deviation: [0.2, 0.2, 0.4] })
  const units = await toNetwork(withNormalization([0.25, 0.5, 0.75], [0.25, 0.25, 0.0625]))
  expect(units.preprocessing).toMatchObject({ mean: [0.25, 0.5, 0.75], deviation: [0.5, 0.5, 0.25] })
})

test('the maximum of constants is computed', () => {
  const folded = foldConstants('maximum', 'most', [float32s('a', [2], [1, -1]), float32s('b', [], [0])])
  expect(new Float64Array(folded!.bytes.buffer)).toEqual(new Float64Array([1, 0]))
})

test('weights whose file has a configuration, and no whole graph, have the size that it states', async () => {
  const weights = stateDict(kerasNamings[0]!, small)
  const { architecture } = await toNetwork({ ...weights, metadata: { input_shape: [96, 128, 3] } })
  expect(architecture.input).toMatchObject({ height: 96, width: 128 })
  const open = await toNetwork({ ...weights, metadata: { input_shape: [null, null, 3] } })
  expect(open.architecture.input).toMatchObject({ height: 224, width: 224 })
})

test('the variables of a network of TensorFlow Hub are known by their scope', () => {
  expect(isHubVariable('keras_layer/MobilenetV2/MobilenetV2/Conv/weights')).toBe(true)
  expect(isHubVariable('mobilenetv2_1.00_224/Conv1/kernel')).toBe(false)
})
