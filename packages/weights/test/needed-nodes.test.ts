import { expect, test } from 'vitest'
import { neededNodes } from '../src/graph/needed-nodes.js'
import { CheckpointError } from '../src/index.js'

interface Node {
  readonly operation: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

const node = (operation: string, inputs: readonly string[], ...outputs: string[]): Node => ({ operation, inputs, outputs })
const backbone = [node('layer', ['input'], 'map'), node('pool', ['map'], 'features'), node('layer', ['features'], 'logits')]
const needed = (nodes: readonly Node[], outputs: readonly string[]): string =>
  neededNodes(
    nodes,
    outputs,
    ({ operation }) => operation === 'layer',
    ({ operation }) => operation === 'choice',
  ).output

test('the features beside the answer: the answer', () => {
  expect(needed(backbone, ['features', 'logits'])).toBe('logits')
  expect(needed(backbone, ['logits', 'map'])).toBe('logits')
})

test('the number of the best class: what it is chosen from', () => {
  expect(needed([...backbone, node('choice', ['logits'], 'best')], ['best'])).toBe('logits')
  const values = [...backbone, node('choice', ['logits', 'k'], 'values', 'indices')]
  expect(needed(values, ['values', 'indices'])).toBe('logits')
})

test('two answers, each of layers of its own, are refused', () => {
  const nodes = [...backbone, node('layer', ['features'], 'box')]
  expect(() => needed(nodes, ['logits', 'box'])).toThrow(CheckpointError)
  expect(() => needed(nodes, ['logits', 'box'])).toThrow('several outputs with layers of their own')
})

test('nodes that wait for each other are refused', () => {
  expect(() => needed([node('a', ['two'], 'one'), node('b', ['one'], 'two')], ['two'])).toThrow('depend on each other')
})
