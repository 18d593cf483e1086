import { expect, it } from 'vitest'
import { dropPadding, roundUp } from '../src/index.js'

it('sizes are rounded up to whole multiples', () => {
  expect([0, 1, 63, 64, 65].map((size) => roundUp(size, 64))).toEqual([0, 64, 64, 64, 128])
})

it.each([
  [2, [1, 2, 3, 4]],
  [3, [1, 2, 0, 3, 4, 0]],
])('rows of 2 values are copied without the padding that makes them %d long', (stride, padded) => {
  const target = new Float32Array(4)
  dropPadding(new Float32Array(padded), stride, 2, target)
  expect([...target]).toEqual([1, 2, 3, 4])
})
