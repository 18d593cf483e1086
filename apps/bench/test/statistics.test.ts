import { expect, test } from 'vitest'
import { median, quantile, timingOf } from '../src/statistics.js'

test('a quantile between two values is interpolated', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(quantile([0, 10], 0.1)).toBe(1)
  expect(quantile([7], 0.9)).toBe(7)
  expect(median([])).toBeNaN()
})

test('a ratio is of pairs: a machine that slows down does not change it', () => {
  const first = [10, 20, 40, 10]
  const own = [15, 30, 60, 15]
  expect(timingOf(own, first, own, 1)).toMatchObject({ medianMs: 22.5, minMs: 15, ratioToFirst: 1.5, runs: 4 })
})

test('only the rounds in which both ran are pairs', () => {
  const timing = timingOf([100, null, 300, null], [10, 1000, 10, 1000], [1, 1, 1, 1], 1)
  expect(timing).toMatchObject({ medianMs: 200, runs: 2, ratioToFirst: 20 })
})

test('the share of the peak is that of speeds in the same round', () => {
  // 3 times the kernel's work in 6 times its time is half of its speed.
  expect(timingOf([6, 12], [6, 12], [1, 2], 3).peakShare).toBe(0.5)
})

test('the middle 80 % leaves out a run that was disturbed', () => {
  const own = [...Array.from({ length: 20 }, () => 10), 500]
  expect(timingOf(own, own, own, 1)).toMatchObject({ lowMs: 10, highMs: 10 })
})
