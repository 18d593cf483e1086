import { expect, test } from 'vitest'
import { checkAnswer, difference } from '../src/answer.js'

const expected = Float32Array.of(1, -4, 2)

test('the difference is relative to the largest expected value', () => {
  expect(difference(Float32Array.of(1, -4, 2.5), expected)).toBe(0.125)
  expect(difference(Float32Array.of(1, Number.NaN, 2), expected)).toBeNaN()
})

test('in the checked pictures, float32 answers must be near the expected ones, and eight-bit answers equal to them', () => {
  const rows = [{ picture: 1, values: expected }]
  const near = Float32Array.of(9, 9, 9, 1.0001, -4, 2)
  expect(() => checkAnswer(near, 2, { rows, kind: 'logits' })).not.toThrow()
  const off = Float32Array.of(1, -4, 2, 1, -4, 2.01)
  expect(() => checkAnswer(off, 2, { rows, kind: 'logits' })).toThrow(/a wrong answer/)
  expect(() => checkAnswer(near, 2, { rows, kind: 'probabilities' })).toThrow(/a wrong answer/)
  expect(() => checkAnswer(Float32Array.of(9, 9, 9, 1, -4, 2), 2, { rows, kind: 'probabilities' })).not.toThrow()
})

test('an answer that is too short, or no number, is a wrong answer', () => {
  const rows = [{ picture: 0, values: expected }]
  expect(() => checkAnswer(Float32Array.of(1, -4), 1, { rows, kind: 'logits' })).toThrow(/2 values instead of 1 x 3/)
  expect(() => checkAnswer(Float32Array.of(1, -4, Number.NaN), 1, { rows, kind: 'probabilities' })).toThrow(/a wrong answer/)
})
