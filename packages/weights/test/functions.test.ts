import { erf, sigmoid } from '@mobilenetv2/spec/activate'
import { expect, test } from 'vitest'
import { activationOfValues, affineOfValues, samples } from '../src/graph/functions.js'

const values = (apply: (x: number) => number): number[] => samples.map(apply)

test.each<[string | null, (x: number) => number]>([
  ['linear', (x) => x],
  ['relu', (x) => Math.max(0, x)],
  ['relu6', (x) => Math.min(Math.max(0, x), 6)],
  ['silu', (x) => x / (1 + Math.exp(-x))],
  ['gelu', (x) => x * 0.5 * (1 + erf(x / Math.SQRT2))],
  ['geluTanh', (x) => 0.5 * x * (1 + Math.tanh(0.79788456 * (x + 0.044715 * x * x * x)))],
  ['hardSwish', (x) => x * Math.min(Math.max(x * 0.16666667 + 0.5, 0), 1)],
  ['leakyRelu:0.2', (x) => Math.max(x, 0.2 * x)],
  ['selu', (x) => (x > 0 ? 1.0507 * x : 1.75809 * (Math.exp(x) - 1))],
  ['elu', (x) => Math.max(x, 0) + Math.min(Math.exp(x) - 1, 0)],
  ['sigmoid', (x) => 0.5 * Math.tanh(0.5 * x) + 0.5],
  ['tanh', (x) => 2 * sigmoid(2 * x) - 1],
  [null, (x) => x * sigmoid(1.702 * x)],
  [null, (x) => Math.min(Math.max(0, x), 5.5)],
  [null, (x) => Math.min(Math.max(0, x), 6.005)],
  [null, (x) => Math.min(Math.max(0, x), 250)],
  [null, (x) => (x >= 0.002 ? x : 0)],
  [null, (x) => 1.001 * x],
  [null, (x) => (x > 0 ? x : 0.5 * Math.expm1(x))],
  [null, (x) => x * Math.tanh(Math.log1p(Math.exp(x)))],
  [null, (x) => 1 / x],
  [null, (x) => Math.log(x)],
])('%s is recognised by its values', (word, apply) => {
  expect(activationOfValues(values(apply))).toBe(word)
})

test('a product and a sum are known as such, and nothing else is', () => {
  const { multiply, add } = affineOfValues(values((x) => x / 127.5 - 1)) ?? { multiply: 0, add: 0 }
  expect(multiply).toBeCloseTo(1 / 127.5, 12)
  expect(add).toBe(-1)
  expect(affineOfValues(values((x) => Math.max(x, -50)))).toBeNull()
})
