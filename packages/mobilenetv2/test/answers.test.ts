import { expect, it } from 'vitest'
import { topAnswers } from '../src/answers.js'
import { classesOf } from '../src/classes.js'

const logits = Float32Array.of(0, 2, 1, 3)

it('sorts by probability, best first, and keeps class order among equals', async () => {
  const classes = await classesOf(4, ['a', 'b', 'c', 'd'], null)
  const answers = topAnswers(logits, classes, 3)
  expect(answers.map(({ label, index }) => [label, index])).toEqual([
    ['d', 3],
    ['b', 1],
    ['c', 2],
  ])
  const total = [0, 1, 2, 3].reduce((sum, logit) => sum + Math.exp(logit), 0)
  expect(answers[0]?.probability).toBeCloseTo(Math.exp(3) / total, 6)
  expect(topAnswers(new Float32Array(4), classes, 2).map(({ index }) => index)).toEqual([0, 1])
})

it('keeps a background class out of the answers and out of their count', async () => {
  const classes = await classesOf(4, ['b', 'c', 'd'], 0)
  expect(topAnswers(logits, classes, 9).map(({ label, index }) => [label, index])).toEqual([
    ['d', 2],
    ['b', 0],
    ['c', 1],
  ])
})

it('finds the background class by its label, wherever it stands', async () => {
  const classes = await classesOf(4, ['a', 'b', 'c', 'background'], null)
  expect(topAnswers(logits, classes, 9).map(({ label, index }) => [label, index])).toEqual([
    ['b', 1],
    ['c', 2],
    ['a', 0],
  ])
})

it('has numbers for classes that nobody named, and overflows nowhere', async () => {
  const [best] = topAnswers(Float32Array.of(1e4, -1e4), await classesOf(2, null, null), 1)
  expect(best).toEqual({ index: 0, label: 'class 0', probability: 1 })
})

it('names 1000 classes, and 1001 with background, as ImageNet does', async () => {
  const thousand = await classesOf(1000, null, null)
  const withBackground = await classesOf(1001, null, 0)
  expect(thousand.labels[281]).toContain('tabby')
  expect(withBackground).toEqual({ labels: thousand.labels, background: 0 })
})

it('refuses labels that do not fit', async () => {
  await expect(classesOf(5, ['a', 'b'], null)).rejects.toThrow('expected: 5 labels')
})
