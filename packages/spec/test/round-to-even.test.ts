import { expect, it } from 'vitest'
import { roundToEven } from '../src/round-to-even.js'

it('rounds to the nearest integer, and ties to even', () => {
  const values = [0.4, 0.5, 0.6, 1.5, 2.5, -0.5, -1.5, -2.5, 2 ** 50 + 0.5, 7]
  expect(values.map((value) => roundToEven(value) + 0)).toEqual([0, 0, 1, 2, 2, 0, -2, -2, 2 ** 50, 7])
})
