import { expect, test } from 'vitest'
import { readCheckpoint } from '../src/index.js'
import { refusalOf } from './support/expect-refusal.js'
import { type Field, messageOf } from './support/protobuf-fields.js'

const input: Field = [
  11,
  [
    [1, 'input'],
    [
      2,
      [
        [
          1,
          [
            [1, 1],
            [2, [1, 3, 32, 32].map((extent): Field => [1, [[1, extent]]])],
          ],
        ],
      ],
    ],
  ],
]

const kernel: Field = [
  5,
  [...[8, 3, 3, 3].map((extent): Field => [1, extent]), [2, 1], [8, 'kernel'], [9, new Uint8Array(8 * 27 * 4)]],
]

function node(
  operation: string,
  inputs: readonly string[],
  outputs: readonly string[],
  more: readonly Field[] = [],
): readonly Field[] {
  return [...inputs.map((name): Field => [1, name]), ...outputs.map((name): Field => [2, name]), [4, operation], ...more]
}

function functionOf(name: string, inputs: readonly string[], outputs: readonly string[], more: readonly Field[]): Field {
  const ends = [...inputs.map((each): Field => [4, each]), ...outputs.map((each): Field => [5, each])]
  return [25, [[1, name], [10, 'own'], ...ends, ...more]]
}

const own: Field = [7, 'own']

function model(nodes: readonly (readonly Field[])[], functions: readonly Field[], output = 'output'): Uint8Array {
  const graph: readonly Field[] = [...nodes.map((each): Field => [1, each]), kernel, input, [12, [[1, output]]]]
  return messageOf([[1, 8], [7, graph], ...functions])
}

/** An attribute `strides` that takes the value of the call's attribute `steps`. */
const strides: Field = [
  5,
  [
    [1, 'strides'],
    [21, 'steps'],
  ],
]
const steps: Field = [
  5,
  [
    [1, 'steps'],
    [8, 2],
    [8, 2],
  ],
]
const block = functionOf(
  'Block',
  ['x', 'w'],
  ['y'],
  [
    [7, node('Conv', ['x', 'w'], ['inner'], [strides])],
    [7, node('Relu', ['inner'], ['y'])],
    [
      11,
      [
        [1, 'steps'],
        [8, 1],
        [8, 1],
      ],
    ],
  ],
)

test('functions are put in the place of their calls, with the attributes of the call or their own', async () => {
  const outer = functionOf('Outer', ['a', 'b'], ['c'], [[7, node('Block', ['a', 'b'], ['c'], [own, steps])]])
  const strided = await readCheckpoint(model([node('Outer', ['input', 'kernel'], ['output'], [own])], [block, outer]))
  expect(strided.graph!.operators).toMatchObject([{ kind: 'convolution', stride: 2, activation: 'relu', kernel: 'kernel' }])
  const plain = await readCheckpoint(model([node('Block', ['input', 'kernel'], ['output'], [own])], [block]))
  expect(plain.graph!.operators).toMatchObject([{ stride: 1 }])
})

test('a function that calls itself, and calls of calls without nodes, come to an end', async () => {
  const endless = functionOf('Loop', ['a'], ['b'], [[7, node('Loop', ['a'], ['b'], [own])]])
  const loop = await refusalOf(() => readCheckpoint(model([node('Loop', ['input'], ['output'], [own])], [endless])))
  expect(loop.message).toContain('at most 100 levels')
  const calls = (name: string): Field[] => Array.from({ length: 200 }, (): Field => [7, node(name, ['a'], ['b'], [own])])
  const levels = Array.from({ length: 12 }, (_, level) => functionOf(`f${level}`, ['a'], ['b'], calls(`f${level + 1}`)))
  const empty = functionOf('f12', ['a'], ['b'], [])
  const many = await refusalOf(() => readCheckpoint(model([node('f0', ['input'], ['output'], [own])], [...levels, empty])))
  expect(many.message).toContain('at most 20000 tensors and nodes')
  expect(many.message).toContain('the nodes of functions')
})
