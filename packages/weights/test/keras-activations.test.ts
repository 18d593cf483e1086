import { expect, test } from 'vitest'
import { openBudget } from '../src/formats/budget.js'
import { readJson } from '../src/formats/json.js'
import { readKerasModel } from '../src/formats/keras/model.js'
import { kerasNodes } from '../src/formats/keras/nodes.js'
import type { GraphNode } from '../src/graph/node.js'
import { refusalOf } from './support/expect-refusal.js'

/** The nodes of a model of a convolution and one layer after it, as Keras 2 writes it. */
function nodesOf(className: string, config: object, keywords: object = {}): readonly GraphNode[] {
  const input = { class_name: 'InputLayer', config: { name: 'in', batch_input_shape: [null, 8, 8, 3] }, inbound_nodes: [] }
  const map = { class_name: 'Conv2D', config: { name: 'map', filters: 4, kernel_size: 3 }, inbound_nodes: [[['in', 0, 0, {}]]] }
  const last = { class_name: className, config: { name: 'last', ...config }, inbound_nodes: [[['map', 0, 0, keywords]]] }
  const ends = { input_layers: [['in', 0, 0]], output_layers: [['last', 0, 0]] }
  const model = { class_name: 'Functional', config: { name: 'model', layers: [input, map, last], ...ends } }
  const budget = openBudget(0)
  return kerasNodes(readKerasModel(readJson(new TextEncoder().encode(JSON.stringify(model)), budget), budget), new Map())
}

function activationOf(className: string, config: object, keywords: object = {}): string {
  const last = nodesOf(className, config, keywords).at(-1)
  return last?.kind === 'activation' ? last.activation : `${last?.kind}`
}

test.each<[string, string, object]>([
  ['relu6', 'ReLU', { max_value: 6, negative_slope: 0, threshold: 0 }],
  ['relu', 'ReLU', { max_value: null }],
  ['leakyRelu:0.1', 'ReLU', { negative_slope: 0.1 }],
  ['relu from 1e-45 to 6, slope 0', 'ReLU', { max_value: 6, threshold: 1e-45 }],
  ['relu from 0.05 to Infinity, slope 0', 'ReLU', { threshold: 0.05 }],
  ['relu from 0 to 6, slope -1e-45', 'ReLU', { max_value: 6, negative_slope: -1e-45 }],
  ['relu from 0 to 6.005, slope 0', 'ReLU', { max_value: 6.005 }],
  ['relu from 0 to 250, slope 0', 'ReLU', { max_value: 250 }],
  ['relu from 0 to 1000, slope 0', 'ReLU', { max_value: 1000 }],
  ['leakyRelu:0.3', 'LeakyReLU', {}],
  ['leakyRelu:0.05', 'LeakyRelu', { negative_slope: 0.05 }],
  ['a function of its own, elu', 'Activation', { activation: { class_name: 'Function', config: { name: 'elu', alpha: 0.5 } } }],
  ['elu', 'Elu', { alpha: 1 }],
  ['Elu', 'Elu', { alpha: 0.5 }],
  ['geluTanh', 'Gelu', {}],
  ['gelu', 'Gelu', { approximate: false }],
  ['gelu', 'Activation', { activation: 'gelu' }],
  ['a function of its own, hardSigmoid', 'Activation', { activation: 'hardSigmoid' }],
  ['a function of its own, geluTanh', 'Activation', { activation: 'geluTanh' }],
  ['a function of its own, leakyRelu:0.1', 'Activation', { activation: 'leakyRelu:0.1' }],
])('%s: %s %j', (activation, className, config) => {
  expect(activationOf(className, config)).toBe(activation)
})

test.each<[string, string, object]>([
  ['leakyRelu:0.2', 'nn.leaky_relu', {}],
  ['leakyRelu:0.1', 'nn.leaky_relu', { alpha: 0.1 }],
  ['gelu', 'nn.gelu', { approximate: false }],
  ['geluTanh', 'nn.gelu', { approximate: true }],
  ['silu', 'nn.silu', { beta: 1 }],
  ['a function of its own, silu', 'nn.silu', { beta: 1.702 }],
  ['softmax', 'nn.softmax', { axis: -1, name: null }],
])("%s: TensorFlow's %s %j", (activation, called, keywords) => {
  expect(activationOf('TFOpLambda', { function: called }, keywords)).toBe(activation)
})

test.each<[string, string, object, string]>([
  ['a softmax over the rows of a map', 'Softmax', { axis: 1 }, 'one over axis 1 of [1, 6, 6, 4]'],
  ['a softmax over pictures', 'LogSoftmax', { axis: 0 }, 'one over axis 0 of'],
  ['a softmax over two axes', 'Softmax', { axis: [2, 3] }, 'one over axis 2, 3 of'],
  ['a softmax over an axis that is not there', 'Softmax', { axis: 4 }, 'one over axis 4 of'],
  ['a BatchNorm of two axes', 'BatchNormalization', { axis: [3, 1] }, 'axis 3, 1'],
  ['three zeros on two sides', 'ZeroPadding2D', { padding: [[0, 1, 2], 1] }, '[0, 1, 2], [1]'],
  ['two axes of one repetition', 'Repeat', { repeats: 3, axis: [3, 1] }, '3, 1'],
])('%s: refused', async (_, className, config, message) => {
  expect((await refusalOf(async () => nodesOf(className, config))).message).toContain(message)
})
