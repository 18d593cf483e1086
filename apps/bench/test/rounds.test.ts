import { expect, test } from 'vitest'
import { pairedRounds, strideOf, timeRounds } from '../src/rounds.js'

const settings = { runs: 40, warmUp: 2, warmUpMs: 1000, budgetMs: 20_000, threaded: false }

test('a contender takes part in every round that its budget allows', () => {
  expect(strideOf(10, settings)).toBe(1)
  expect(strideOf(500, settings)).toBe(1)
  expect(strideOf(501, settings)).toBe(2)
  expect(strideOf(1500, settings)).toBe(4)
})

test('however slow, it takes part in three rounds at least, or in all where there are fewer', () => {
  expect(Math.ceil(40 / strideOf(60_000, settings))).toBe(3)
  expect(strideOf(60_000, { ...settings, runs: 2 })).toBe(1)
})

test('all run in turn, after the warm-up of each', async () => {
  const order: string[] = []
  const times = await timeRounds(
    ['a', 'b'].map((name) => () => order.push(name)),
    { ...settings, runs: 3 },
    () => order.push('|'),
  )
  expect(order.join('')).toBe('aabb|ab|ab|ab')
  expect(times.map((own) => own.length)).toEqual([3, 3])
  expect(times.flat().every((time) => typeof time === 'number' && time >= 0)).toBe(true)
})

test('runs with threads have a pause between them', () => {
  expect(pairedRounds(40, 1).threaded).toBe(false)
  expect(pairedRounds(40, 2).threaded).toBe(true)
})
