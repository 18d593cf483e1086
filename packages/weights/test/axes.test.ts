import { expect, test } from 'vitest'
import { isWholeMap, lettersOf, mapAxes, reduceAxes, reshapeAxes, shapeOf, slideAxes, transposeAxes } from '../src/graph/axes.js'

const first = mapAxes('NCHW', { N: 1, C: 8, H: 3, W: 2 })
const last = mapAxes('NHWC', { N: 1, C: 8, H: 3, W: 2 })

test('a flattened map says in which order it lies', () => {
  expect(reshapeAxes(first, [1, -1])?.map(lettersOf)).toEqual(['', 'CHW'])
  expect(reshapeAxes(last, [1, -1])?.map(lettersOf)).toEqual(['', 'HWC'])
  expect(reshapeAxes(transposeAxes(first, [0, 2, 3, 1])!, [-1, 8])?.map(lettersOf)).toEqual(['HW', 'C'])
  expect(reshapeAxes(reshapeAxes(last, [1, 6, 8])!, [1, 48])?.map(lettersOf)).toEqual(['', 'HWC'])
})

test.each([[[5, -1]], [[1, 4, 12]], [[-1, -1]], [[0]], [[1, 47]], [[-2, -24]], [[48, Number.NaN]]])(
  'no reshape cuts a part in two: %j',
  (target) => {
    expect(reshapeAxes(first, target)).toBeNull()
  },
)

test('a pool covers the whole map if it goes over height and width only', () => {
  const whole = reduceAxes(first, [-1, 2], false)
  expect(whole && shapeOf(whole.axes)).toEqual([1, 8])
  expect(isWholeMap(first, whole!.removed)).toBe(true)
  expect(isWholeMap(first, reduceAxes(first, [3], true)!.removed)).toBe(false)
  expect(isWholeMap(first, reduceAxes(first, [1, 2, 3], true)!.removed)).toBe(false)
  expect(reduceAxes(first, [4], true)).toBeNull()
})

test('windows', () => {
  const window = { height: 3, width: 3, stride: 2, padding: 'same' } as const
  expect(shapeOf(slideAxes(first, 'NCHW', window, 4)!)).toEqual([1, 4, 2, 1])
  expect(slideAxes(first, 'NHWC', window, 4)).toBeNull()
  expect(slideAxes(first, 'NCHW', { ...window, padding: 'valid' }, 4)).toBeNull()
})
