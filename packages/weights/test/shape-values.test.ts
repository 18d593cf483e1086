import { expect, test } from 'vitest'
import { stridedSliceValues, vectorValue } from '../src/formats/shape-values.js'

const slice = (begin: number | null, end: number | null, step: number) =>
  stridedSliceValues(vectorValue([1, 2, 3, 4]), begin, end, step, false).values

test('strided slices forwards and backwards; without a begin or an end they take all', () => {
  expect([slice(null, null, 1), slice(1, -1, 1), slice(null, null, 3)]).toEqual([
    [1, 2, 3, 4],
    [2, 3],
    [1, 4],
  ])
  expect([slice(null, null, -1), slice(null, 1, -1), slice(2, null, -1)]).toEqual([
    [4, 3, 2, 1],
    [4, 3],
    [3, 2, 1],
  ])
})
