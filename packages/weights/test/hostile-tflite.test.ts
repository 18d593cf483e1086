import { expect, test } from 'vitest'
import { readNetwork, toTflite } from '../src/index.js'
import { refusalOf } from './support/expect-refusal.js'
import { smallNetworks } from './support/small-networks.js'
import { tfliteOf, tfliteTree } from './support/tflite-tree.js'

interface Operator {
  readonly inputs: number[]
  optionsType?: number
}

/** The parts of a model's tree that are changed. */
interface Model {
  readonly subgraphs: readonly [{ readonly operators: readonly Operator[]; outputs: number[] }]
}

/** A small model that is changed. Its first operator is a convolution of the input, a kernel and a bias. */
function changedFile(change: (graph: Model['subgraphs'][0], first: Operator) => void): Uint8Array {
  const tree = structuredClone(tfliteTree(toTflite(smallNetworks[0]!)))
  const [graph] = (tree as unknown as Model).subgraphs
  change(graph, graph.operators[0]!)
  return tfliteOf(tree)
}

test('an input is left out by the index -1', async () => {
  const file = changedFile((_, first) => {
    first.inputs[2] = -1
  })
  const { parameters } = await readNetwork(file)
  expect([...parameters.get('stem')!.bias]).toEqual(new Array(8).fill(0))
})

test.each<[string, Parameters<typeof changedFile>[0], string]>([
  [
    'a bias of another negative index',
    (_, first) => {
      first.inputs[2] = -first.inputs[2]!
    },
    'takes an input that does not exist',
  ],
  [
    'a bias beyond the tensors',
    (_, first) => {
      first.inputs[2] = 10_000
    },
    'takes an input that does not exist',
  ],
  [
    'the options of another operator',
    (_, first) => {
      first.optionsType = 2
    },
    'the options of CONV_2D, type 1',
  ],
  ['two biases', (_, first) => first.inputs.push(first.inputs[2]!), '2 to 3 inputs'],
  [
    'an output that no operator gives',
    (graph, first) => {
      graph.outputs = [first.inputs[1]!]
    },
    'No operator gives an output',
  ],
])('a model with %s is refused', async (_, change, expected) => {
  expect((await refusalOf(() => readNetwork(changedFile(change)))).message).toContain(expected)
})

/** A small model with a softmax of `beta` times its logits. */
function softmaxFile(beta: number): Uint8Array {
  interface Parts {
    readonly operatorCodes: object[]
    readonly subgraphs: readonly [{ readonly tensors: object[]; readonly operators: object[]; outputs: number[] }]
  }
  const tree = structuredClone(tfliteTree(toTflite(smallNetworks[0]!)))
  const { operatorCodes, subgraphs } = tree as unknown as Parts
  const [graph] = subgraphs
  const [logits] = graph.outputs as [number]
  const probabilities = graph.tensors.push({ ...graph.tensors[logits], name: 'probabilities' }) - 1
  const opcode = operatorCodes.push({ old: 25, version: 1, code: 25 }) - 1
  graph.operators.push({ opcode, inputs: [logits], outputs: [probabilities], optionsType: 9, options: { beta } })
  graph.outputs = [probabilities]
  return tfliteOf(tree)
}

test('a softmax of the logits is read, and one of a multiple of them is refused', async () => {
  expect((await readNetwork(softmaxFile(1))).classes.output).toBe('softmax')
  expect((await refusalOf(() => readNetwork(softmaxFile(2)))).message).toContain('2 times the logits')
})

test('a reshape whose shape is an activation is refused', async () => {
  // The network whose head takes the map flattened.
  const tree = structuredClone(tfliteTree(toTflite(smallNetworks[8]!)))
  const { operatorCodes, subgraphs } = tree as unknown as { readonly operatorCodes: readonly { code: number }[] } & Model
  const reshape = operatorCodes.findIndex(({ code }) => code === 22)
  const found = subgraphs[0].operators.find((operator) => 'opcode' in operator && operator.opcode === reshape)!
  found.inputs[1] = found.inputs[0]!
  expect((await refusalOf(() => readNetwork(tfliteOf(tree)))).message).toContain('a shape of integers')
})
