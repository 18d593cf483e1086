import { createHash } from 'node:crypto'
import { runIntegerReference, seededLevels } from '@mobilenetv2/testing'
import { describe, expect, test } from 'vitest'
import { openBudget } from '../src/formats/budget.js'
import { onnxIntegers } from '../src/formats/onnx/integers.js'
import { type OnnxAttribute, type OnnxNode, readOnnxModel } from '../src/formats/onnx/model.js'
import { type OnnxGraph, onnxNodes } from '../src/formats/onnx/nodes.js'
import { assembleGraph } from '../src/graph/assemble-graph.js'
import { mapAxes } from '../src/graph/axes.js'
import { readNetwork, type StoredTensor, type TensorType } from '../src/index.js'
import { golden, goldenBytes } from './support/goldens.js'
import { type ProducersAnswer, prepared } from './support/logits-of.js'

/** What ONNX Runtime computes in one layer: the SHA-256 of its integers less their zero point, as int16, and the first of them. */
interface LayerGolden {
  readonly digest: string
  readonly first: readonly number[]
}

const { files } = golden<{ readonly files: Readonly<Record<string, readonly LayerGolden[]>> }>('onnx-integers.json')
const size = 64

function summarize(values: Int16Array): LayerGolden {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return { digest: createHash('sha256').update(bytes).digest('hex').slice(0, 16), first: [...values.subarray(0, 4)] }
}

test.each(Object.keys(files))("%s: each layer in integers, bit for bit ONNX Runtime's", async (file) => {
  const { architecture, integers, preprocessing, reasons } = await readNetwork(goldenBytes(file))
  expect({ integers: integers !== null, reasons }).toMatchObject({ integers: true })
  const found = runIntegerReference(architecture, integers!, prepared(seededLevels(1, size), preprocessing))
  expect([...found].map(([id, values]) => ({ id, ...summarize(values) }))).toEqual(
    files[file]!.map((layer, index) => ({ id: architecture.layers[index]!.id, ...layer })),
  )
})

test.each(['onnx-qdq', 'onnx-qoperator'])("%s: ONNX Runtime's logits without optimisations", async (name) => {
  const { architecture, integers, preprocessing } = await readNetwork(goldenBytes(`${name}.onnx`))
  const { batch, logits } = golden<ProducersAnswer>(`${name}.json`)
  const pictures = prepared(seededLevels(batch, size), preprocessing)
  const [last] = [...integers!.layers.values()].slice(-1)
  const found = Array.from({ length: batch }, (_, index) => {
    const picture = pictures.subarray((index * pictures.length) / batch, ((index + 1) * pictures.length) / batch)
    const answer = [...runIntegerReference(architecture, integers!, picture).values()].at(-1)!
    return [...answer].map((integer) => Math.fround(integer * last!.output.scale))
  })
  expect(found.flat()).toEqual(logits)
})

test.each([['onnx-dynamic.onnx', 'its activations are scaled at run time']])(
  '%s: why its integers cannot be run as stored',
  async (file, why) => {
    const { integers, reasons } = await readNetwork(goldenBytes(file))
    expect(integers).toBeNull()
    expect(reasons.at(-1)).toBe(`its integers cannot be run as stored: ${why}`)
  },
)

test.each(['onnx-folded.onnx', 'onnx-batch-norm.onnx'])('%s: no reason speaks of integers that cannot be run', async (file) => {
  const { integers, reasons } = await readNetwork(goldenBytes(file))
  expect(integers).toBeNull()
  expect(reasons.join()).not.toContain('cannot be run')
})

type Nodes = (OnnxNode & { inputs: string[]; outputs: string[] })[]

type Change = (nodes: Nodes, tensors: Map<string, StoredTensor>) => void

/** A golden whose nodes and constants are changed. */
function changedGraph(file: string, change: Change): OnnxGraph {
  const model = readOnnxModel(goldenBytes(file), openBudget(2 ** 24))
  const nodes = model.nodes.map((node) => ({ ...node, inputs: [...node.inputs], outputs: [...node.outputs] }))
  const tensors = new Map(model.tensors)
  change(nodes, tensors)
  return onnxNodes({ nodes, tensors, outputs: model.outputs }, 'input', mapAxes('NCHW', { N: 1, C: 3, H: size, W: size }))
}

/** The result of the walk, for an input of floats or of integers. */
function walked(file: string, change: Change, inputType: TensorType | null = null): ReturnType<typeof onnxIntegers> {
  return onnxIntegers(changedGraph(file, change).source, 'input', inputType)
}

function ofOperation(nodes: Nodes, operation: string): Nodes[number] {
  return nodes.find((node) => node.operation === operation)!
}

const float32 = (name: string, ...values: number[]): StoredTensor => ({
  name,
  shape: values.length === 1 ? [] : [values.length],
  dtype: 'float32',
  bytes: new Uint8Array(Float32Array.from(values).buffer),
  quantization: null,
})

const attribute: OnnxAttribute = { float: null, integer: null, text: null, tensor: null, floats: [], integers: [] }

function node(
  operation: string,
  inputs: string[],
  output: string,
  attributes: Record<string, Partial<OnnxAttribute>> = {},
): Nodes[number] {
  const entries = Object.entries(attributes).map(([name, value]) => [name, { ...attribute, ...value }] as const)
  return { operation, domain: '', inputs, outputs: [output], attributes: new Map(entries) }
}

/** Puts a node between the node `before` and the nodes that take its output. */
function putAfter(nodes: Nodes, before: Nodes[number], operation: string, more: string[] = []): void {
  const [output] = before.outputs as [string]
  before.outputs = [`${output} before`]
  nodes.splice(nodes.indexOf(before) + 1, 0, node(operation, [`${output} before`, ...more], output))
}

/** Gives an input of a node another constant. */
function restate(tensors: Map<string, StoredTensor>, at: Nodes[number], index: number, tensor: StoredTensor): void {
  tensors.set(tensor.name, tensor)
  at.inputs[index] = tensor.name
}

describe('graphs that say the same', () => {
  const layersOf = (found: ReturnType<typeof onnxIntegers>): unknown => ('unusable' in found ? found.unusable : found.layers)

  test.each<[string, string, Change]>([
    ['unchanged', 'onnx-qdq.onnx', () => {}],
    ['the operands of additions exchanged', 'onnx-qdq.onnx', (nodes) => ofOperation(nodes, 'Add').inputs.reverse()],
    [
      'the operands of QLinear additions exchanged',
      'onnx-qoperator.onnx',
      (nodes) => {
        const sum = ofOperation(nodes, 'QLinearAdd')
        sum.inputs = [...sum.inputs.slice(3, 6), ...sum.inputs.slice(0, 3), ...sum.inputs.slice(6)]
      },
    ],
    ['a ReLU that the integers hold already', 'onnx-qdq.onnx', (nodes) => putAfter(nodes, ofOperation(nodes, 'Conv'), 'Relu')],
    ['an Identity of integers', 'onnx-qoperator.onnx', (nodes) => putAfter(nodes, ofOperation(nodes, 'QLinearConv'), 'Identity')],
    [
      'integers that two nodes make',
      'onnx-qdq.onnx',
      (nodes) => {
        const [, second] = nodes.filter(({ operation }) => operation === 'QuantizeLinear') as [Nodes[number], Nodes[number]]
        const sum = ofOperation(nodes, 'Add')
        const [integers, floats] = ['again', 'again floats']
        const taken = nodes.find(({ outputs }) => outputs[0] === sum.inputs[0])!
        nodes.splice(
          nodes.indexOf(second) + 1,
          0,
          { ...second, outputs: [integers] },
          { ...taken, inputs: [integers, ...taken.inputs.slice(1)], outputs: [floats] },
        )
        sum.inputs[0] = floats
      },
    ],
  ])('%s', (_, file, change) => {
    expect(layersOf(walked(file, change))).toEqual(layersOf(walked(file, () => {})))
    expect(layersOf(walked(file, change))).toHaveLength(30)
    const input = { name: 'input', height: size, width: size, quantization: null, normalization: null }
    expect(assembleGraph(input, changedGraph(file, change).nodes).operators).toHaveLength(30)
  })

  test.each(['onnx-qdq.onnx', 'onnx-qoperator.onnx'])('%s that takes levels', (file) => {
    const found = walked(
      file,
      (nodes) => {
        const [{ outputs }] = nodes.splice(nodes.indexOf(ofOperation(nodes, 'QuantizeLinear')), 1) as [Nodes[number]]
        for (const { inputs } of nodes) if (inputs[0] === outputs[0]) inputs[0] = 'input'
      },
      'uint8',
    )
    expect(layersOf(found)).toEqual(layersOf(walked(file, () => {})))
    expect(found).toMatchObject({ takesLevels: true, input: { zeroPoint: 112 } })
  })

  test('a ReLU6 that the integers do not hold bounds them', () => {
    const found = walked('onnx-qdq.onnx', (nodes, tensors) => {
      const [, convolved] = nodes.filter(({ operation }) => operation === 'QuantizeLinear') as [Nodes[number], Nodes[number]]
      const scale = float32('scale', 0.05)
      restate(tensors, convolved, 1, scale)
      for (const taken of nodes) {
        if (taken.operation === 'DequantizeLinear' && taken.inputs[0] === convolved.outputs[0]) taken.inputs[1] = 'scale'
      }
      // The biases have the scales of the former sums, so they are removed.
      for (const taken of nodes) if (taken.operation === 'Conv') taken.inputs.splice(2)
      putAfter(nodes, ofOperation(nodes, 'Conv'), 'Clip', ['low', 'high'])
      tensors.set('low', float32('low', 0)).set('high', float32('high', 6))
    })
    expect('unusable' in found ? found.unusable : found.layers[0]!.output).toMatchObject({ least: 0, most: 120 })
  })
})

test.each([
  ['bounds them if they reach beyond 6', 0.05],
  ['changes nothing if they end at 6', 6 / 255],
])('a Clip from 0 to 6 after the integers of a convolution %s', (_, step) => {
  const { nodes } = changedGraph('onnx-qdq.onnx', (all, tensors) => {
    const conv = ofOperation(all, 'Conv')
    conv.inputs.splice(2)
    const quantized = all.find(({ inputs, operation }) => operation === 'QuantizeLinear' && inputs[0] === conv.outputs[0])!
    const taken = all.find(({ inputs }) => inputs[0] === quantized.outputs[0])!
    for (const at of [quantized, taken]) restate(tensors, at, 1, float32('step', step))
    putAfter(all, taken, 'Clip', ['low', 'high'])
    tensors.set('low', float32('low', 0)).set('high', float32('high', 6))
  })
  const input = { name: 'input', height: size, width: size, quantization: null, normalization: null }
  expect(assembleGraph(input, nodes).operators[0]).toMatchObject({ activation: 'relu6' })
})

describe('graphs whose integers cannot be run as stored', () => {
  test.each<[string, string, Change, string]>([
    [
      'integers with another scale than is stated',
      'onnx-qoperator.onnx',
      (nodes, tensors) =>
        restate(tensors, nodes.filter(({ operation }) => operation === 'QLinearConv')[1]!, 1, float32('other', 0.5)),
      'QLinearConv takes integers with another scale or zero point than it states',
    ],
    [
      'integers that get another scale',
      'onnx-qdq.onnx',
      (nodes, tensors) => {
        const flatten = ofOperation(nodes, 'Flatten')
        const after = nodes.find(({ inputs }) => inputs[0] === flatten.outputs[0])!
        restate(tensors, after, 1, float32('other', 0.5))
      },
      'its integers get another scale between two layers',
    ],
    [
      'a scale for each channel of an activation',
      'onnx-qdq.onnx',
      (nodes, tensors) => restate(tensors, ofOperation(nodes, 'QuantizeLinear'), 1, float32('many', 0.5, 0.5, 0.5)),
      'has no scale of its own',
    ],
    [
      'a scale of zero',
      'onnx-qoperator.onnx',
      (nodes, tensors) => restate(tensors, ofOperation(nodes, 'QLinearConv'), 6, float32('nothing', 0)),
      'has no scale of its own',
    ],
    [
      'activations of 16 bits',
      'onnx-qdq.onnx',
      (nodes, tensors) => {
        const zero: StoredTensor = { name: 'zero', shape: [], dtype: 'uint16', bytes: new Uint8Array(2), quantization: null }
        restate(tensors, ofOperation(nodes, 'QuantizeLinear'), 2, zero)
      },
      'has a zero point of uint16',
    ],
    [
      'a signed kernel with a zero point',
      'onnx-qoperator.onnx',
      (nodes, tensors) => {
        const zero: StoredTensor = { name: 'zero', shape: [], dtype: 'int8', bytes: Uint8Array.of(3), quantization: null }
        restate(tensors, ofOperation(nodes, 'QLinearConv'), 5, zero)
      },
      'has other scales or zero points',
    ],
    [
      'a kernel of floats',
      'onnx-qdq.onnx',
      (nodes, tensors) => {
        const conv = ofOperation(nodes, 'Conv')
        restate(tensors, conv, 1, { ...float32('floats', ...Array.from({ length: 216 }, () => 1)), shape: [8, 3, 3, 3] })
      },
      'the kernel floats is of float32',
    ],
    [
      'a bias of floats',
      'onnx-qdq.onnx',
      (nodes, tensors) => restate(tensors, ofOperation(nodes, 'Conv'), 2, float32('floats', ...Array.from({ length: 8 }, () => 1))),
      'the bias floats is not of int32',
    ],
    [
      'a bias of another scale than its sums',
      'onnx-qdq.onnx',
      (nodes, tensors) => {
        const conv = ofOperation(nodes, 'Conv')
        const bias = nodes.find(({ outputs }) => outputs[0] === conv.inputs[2])!
        restate(tensors, bias, 1, float32('other', ...Array.from({ length: 8 }, () => 0.5)))
      },
      'has another scale than its sums',
    ],
    [
      'floats after a layer',
      'onnx-qoperator.onnx',
      (nodes) => {
        ofOperation(nodes, 'QGemm').inputs.splice(7)
      },
      'QGemm gives floats',
    ],
    [
      'another operator among them',
      'onnx-qdq.onnx',
      (nodes) => putAfter(nodes, ofOperation(nodes, 'Conv'), 'HardSwish'),
      'it has the operator HardSwish, which is not run in integers',
    ],
    [
      'zeros around integers',
      'onnx-qoperator.onnx',
      (nodes) => {
        const first = ofOperation(nodes, 'QuantizeLinear')
        putAfter(nodes, first, 'Pad')
        const pad = ofOperation(nodes, 'Pad')
        Object.assign(pad, { attributes: new Map([['pads', { ...attribute, integers: [0, 0, 0, 0, 0, 0, 0, 0] }]]) })
      },
      'a Pad adds zeros to integers',
    ],
    [
      'an activation function that excludes 0',
      'onnx-qdq.onnx',
      (nodes, tensors) => {
        putAfter(nodes, ofOperation(nodes, 'Conv'), 'Clip', ['low', 'high'])
        tensors.set('low', float32('low', 1)).set('high', float32('high', 6))
      },
      'an activation function excludes 0',
    ],
    [
      'weights alone',
      'onnx-qdq.onnx',
      (nodes) => {
        ofOperation(nodes, 'Conv').inputs[0] = 'input'
      },
      'Conv takes floats',
    ],
  ])('%s', (_, file, change, why) => {
    const found = walked(file, change)
    expect('unusable' in found ? found.unusable : 'usable').toContain(why)
  })
})
