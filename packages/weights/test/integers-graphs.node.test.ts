import { beforeAll, describe, expect, test } from 'vitest'
import { type Network, readNetwork } from '../src/index.js'
import { goldenBytes } from './support/goldens.js'
import type { Tree } from './support/structure.js'
import { tfliteOf, tfliteTree } from './support/tflite-tree.js'

interface Tensor {
  shape: number[]
  type: number
  name: string
  buffer: number
  quantization: { scale: number[]; zeroPoint: number[] }
}

interface Operator {
  opcode: number
  inputs: number[]
  outputs: number[]
  optionsType?: number
  options?: Record<string, number>
}

interface Model {
  readonly operatorCodes: { old: number; code: number; version: number }[]
  readonly subgraphs: readonly [{ readonly tensors: Tensor[]; readonly operators: Operator[] }]
  readonly buffers: { data?: Uint8Array }[]
}

type Graph = Model['subgraphs'][0]

/** Numbers of the schema's operators. */
const codes = { averagePool: 1, relu6: 21, pad: 34, add: 0, convolution: 3, mean: 40 } as const
const int32Type = 2

/** int8.tflite, changed. */
function changedFile(change: (graph: Graph, model: Model) => void): Uint8Array {
  const model = structuredClone(tfliteTree(goldenBytes('int8.tflite'))) as unknown as Model
  change(model.subgraphs[0], model)
  return tfliteOf(model as unknown as Tree)
}

/** The place of an operator's code among those of the model. */
function codeOf({ operatorCodes }: Model, code: number): number {
  const found = operatorCodes.findIndex((entry) => (entry.code ?? entry.old ?? 0) === code)
  return found >= 0 ? found : operatorCodes.push({ old: code, code, version: 2 }) - 1
}

function firstOf(model: Model, code: keyof typeof codes): Operator {
  const place = codeOf(model, codes[code])
  return model.subgraphs[0].operators.find(({ opcode = 0 }) => opcode === place)!
}

/**
 * Gives an operator a new output, which no operator takes yet. Returns the index of its former output, which no operator gives any more.
 */
function detach(graph: Graph, operator: Operator): number {
  const [output] = operator.outputs as [number]
  const tensor = { ...structuredClone(graph.tensors[output]!), name: `detached ${output}` }
  operator.outputs = [graph.tensors.push(tensor) - 1]
  return output
}

/** Puts an operator that pads with zeros before the first convolution, and sets that convolution's own padding to VALID. */
function padInput(graph: Graph, model: Model): Tensor {
  const [first] = graph.operators as [Operator]
  const input = graph.tensors[first.inputs[0]!]!
  const padded = { ...structuredClone(input), name: 'padded', shape: [1, 65, 65, 3] }
  const data = new Uint8Array(Int32Array.of(0, 0, 0, 1, 0, 1, 0, 0).buffer)
  const [output, sides] = [graph.tensors.length, graph.tensors.length + 1]
  graph.tensors.push(padded, {
    shape: [4, 2],
    type: int32Type,
    name: 'sides',
    buffer: model.buffers.push({ data }) - 1,
  } as unknown as Tensor)
  graph.operators.unshift({ opcode: codeOf(model, codes.pad), inputs: [first.inputs[0]!, sides], outputs: [output] })
  first.inputs[0] = output
  first.options = { ...first.options, padding: 1 }
  return padded
}

let usual: Network
beforeAll(async () => {
  usual = await readNetwork(goldenBytes('int8.tflite'))
})

test('zeros around an activation are no layer', async () => {
  const file = changedFile((graph, model) => {
    padInput(graph, model)
  })
  const { integers } = await readNetwork(file)
  expect(integers).not.toBeNull()
  expect(integers).toEqual(usual.integers)
})

test('a pool by division keeps its scale', async () => {
  const file = changedFile((_, model) => {
    const pool = firstOf(model, 'mean')
    pool.opcode = codeOf(model, codes.averagePool)
    pool.inputs = pool.inputs.slice(0, 1)
    pool.optionsType = 5
    pool.options = { padding: 1, strideWidth: 1, strideHeight: 1, filterWidth: 2, filterHeight: 2, activation: 0 }
  })
  const { integers } = await readNetwork(file)
  expect(integers!.layers.get('pool')).toMatchObject({ inputZeroPoint: -128, rounding: { by: 'division' }, output: { least: 0 } })
})

test('a bias that is left out is zeros', async () => {
  const file = changedFile((graph) => {
    graph.operators[0]!.inputs[2] = -1
  })
  const { integers } = await readNetwork(file)
  expect(integers!.layers.get('stem')).toMatchObject({ bias: new Int32Array(8) })
})

test('the operands of an addition may be exchanged', async () => {
  const file = changedFile((_, model) => {
    firstOf(model, 'add').inputs.reverse()
  })
  const { integers } = await readNetwork(file)
  expect(integers).toEqual(usual.integers)
})

describe('integers that cannot be run as stored', () => {
  test.each<[string, (graph: Graph, model: Model) => void, string]>([
    [
      'zeros that are scaled',
      (graph, model) => {
        padInput(graph, model).quantization.scale = [0.01]
      },
      'PAD gets another scale',
    ],
    [
      'an activation function of its own',
      (graph, model) => {
        const [first] = graph.operators as [Operator]
        const taken = detach(graph, first)
        first.options = { ...first.options, activation: 0 }
        graph.operators.splice(1, 0, { opcode: codeOf(model, codes.relu6), inputs: [...first.outputs], outputs: [taken] })
      },
      'it has the operator RELU6, which is not run in integers',
    ],
    [
      'a signed kernel with a zero point',
      (graph) => {
        const kernel = graph.tensors[graph.operators[0]!.inputs[1]!]!
        kernel.quantization.zeroPoint = kernel.quantization.zeroPoint.map(() => 1)
      },
      'has other scales or zero points',
    ],
    [
      'an activation without a scale',
      (graph) => {
        graph.tensors[graph.operators[0]!.outputs[0]!]!.quantization.scale = [0]
      },
      'has no scale of its own',
    ],
    [
      'a zero point that no stored integer has',
      (graph) => {
        graph.tensors[graph.operators[1]!.outputs[0]!]!.quantization.zeroPoint = [128]
      },
      'has no scale of its own',
    ],
    [
      'an addition of scales that lie far apart',
      (graph, model) => {
        graph.tensors[firstOf(model, 'add').outputs[0]!]!.quantization.scale = [2 ** -20]
      },
      "those of block1.project are scaled in another way than LiteRT's fast kernels allow",
    ],
    [
      'a sum that is scaled up a lot',
      (graph) => {
        graph.tensors[graph.operators[0]!.outputs[0]!]!.quantization.scale = [2 ** -30]
      },
      "those of stem are scaled in another way than LiteRT's fast kernels allow",
    ],
    [
      'a mean that is scaled up a lot',
      (graph, model) => {
        graph.tensors[firstOf(model, 'mean').outputs[0]!]!.quantization.scale = [2 ** -20]
      },
      "those of pool are scaled in another way than LiteRT's fast kernels allow",
    ],
  ])('%s', async (_, change, why) => {
    const { integers, reasons, parameters } = await readNetwork(changedFile(change))
    expect(integers).toBeNull()
    expect(reasons.at(-1)).toMatch(/^its integers cannot be run as stored: /)
    expect(reasons.at(-1)).toContain(why)
    expect(parameters.size).toBe(usual.parameters.size)
  })
})
