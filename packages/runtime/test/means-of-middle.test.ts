import { expect, it } from 'vitest'
import { meansOfMiddle } from '../src/index.js'

it('leaves out the fastest and the slowest quarter of the rounds', () => {
  const rounds = [
    [100, 900],
    [1, 2],
    [3, 4],
    [0, 0.5],
  ]
  expect(meansOfMiddle(rounds)).toEqual([2, 3])
  expect(rounds[0]).toEqual([100, 900])
})
