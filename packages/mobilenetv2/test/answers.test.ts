import type { Classes } from '@mobilenetv2/weights'
import { expect, it } from 'vitest'
import { topAnswers } from '../src/answers.js'

const logits = Float32Array.of(0, 2, 1, 3)

const classes = (labels: string[], rest: Partial<Classes> = {}): Classes => ({
  labels,
  background: null,
  output: 'softmax',
  outputReason: 'as asked for',
  ...rest,
})

it('sorts by probability, best first, and keeps class order among equals', () => {
  const four = classes(['a', 'b', 'c', 'd'])
  const answers = topAnswers(logits, four, 3)
  expect(answers.map(({ label, index }) => [label, index])).toEqual([
    ['d', 3],
    ['b', 1],
    ['c', 2],
  ])
  const total = [0, 1, 2, 3].reduce((sum, logit) => sum + Math.exp(logit), 0)
  expect(answers[0]?.probability).toBeCloseTo(Math.exp(3) / total, 6)
  expect(topAnswers(new Float32Array(4), four, 2).map(({ index }) => index)).toEqual([0, 1])
})

it('keeps a background class out of the answers and out of their count', () => {
  const answers = topAnswers(logits, classes(['b', 'c', 'd'], { background: 0 }), 9)
  expect(answers.map(({ label, index }) => [label, index])).toEqual([
    ['d', 2],
    ['b', 0],
    ['c', 1],
  ])
})

it('has numbers for classes that nobody named, and overflows nowhere', () => {
  const [best] = topAnswers(Float32Array.of(1e4, -1e4), classes([]), 1)
  expect(best).toEqual({ index: 0, label: 'class 0', probability: 1 })
})

it('has probabilities for the largest logits there are', () => {
  const logits = Float32Array.of(3e38, -3e38, 0)
  const classes = { labels: ['a', 'b', 'c'], background: null, outputReason: '' }
  expect(topAnswers(logits, { ...classes, output: 'softmax' }, 3).map(({ probability }) => probability)).toEqual([1, 0, 0])
  expect(topAnswers(logits, { ...classes, output: 'sigmoid' }, 3).map(({ probability }) => probability)).toEqual([1, 0.5, 0])
})

it('takes sigmoid outputs each by itself', () => {
  const answers = topAnswers(Float32Array.of(0, 4, -1e4), classes(['cat', 'dog', 'bird'], { output: 'sigmoid' }), 3)
  expect(answers.map(({ label }) => label)).toEqual(['dog', 'cat', 'bird'])
  expect(answers.map(({ probability }) => probability)).toEqual([1 / (1 + Math.exp(-4)), 0.5, 0].map((p) => expect.closeTo(p, 6)))
})

it('ranks large logits whose probabilities are rounded to the same number', () => {
  const answers = topAnswers(Float32Array.of(18, 40, 19), classes(['cat', 'dog', 'bird'], { output: 'sigmoid' }), 2)
  expect(answers).toEqual([
    { index: 1, label: 'dog', probability: 1 },
    { index: 2, label: 'bird', probability: 1 },
  ])
  const two = topAnswers(Float32Array.of(1e-9), classes(['cat', 'dog'], { output: 'sigmoid' }), 1)
  expect(two[0]?.label).toBe('dog')
})

it('takes one output for the probability of its class, and of the other one if both have names', () => {
  const one = topAnswers(Float32Array.of(1), classes([], { output: 'sigmoid' }), 5)
  expect(one).toEqual([{ index: 0, label: 'class 0', probability: expect.closeTo(0.7311, 4) }])
  const two = topAnswers(Float32Array.of(1), classes(['cat', 'dog'], { output: 'sigmoid' }), 5)
  expect(two.map(({ label, probability }) => [label, probability])).toEqual([
    ['dog', expect.closeTo(0.7311, 4)],
    ['cat', expect.closeTo(0.2689, 4)],
  ])
})

it('reads an output of unknown kind as one class of several, and a single one as a probability', () => {
  const unknown = (labels: string[]) => classes(labels, { output: 'logits' })
  const several = topAnswers(logits, unknown(['a', 'b', 'c', 'd']), 4)
  expect(several.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 6)
  expect(topAnswers(Float32Array.of(0), unknown(['cat']), 5)).toEqual([{ index: 0, label: 'cat', probability: 0.5 }])
})
