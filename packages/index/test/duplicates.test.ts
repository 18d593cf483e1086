import { expect, it } from 'vitest'
import { groupPairs } from '../src/duplicates.js'

const listed = new Map(['a', 'b', 'c', 'd', 'e'].map((path) => [path, { path, label: null, confidence: null }]))

it('joins pairs that share a picture, and sorts groups by path and pairs by similarity', () => {
  const groups = groupPairs(
    [
      { paths: ['d', 'e'], similarity: 0.97 },
      { paths: ['b', 'c'], similarity: 0.96 },
      { paths: ['a', 'c'], similarity: 0.99 },
    ],
    listed,
  )
  expect(groups.map(({ pictures }) => pictures.map(({ path }) => path))).toEqual([
    ['a', 'b', 'c'],
    ['d', 'e'],
  ])
  expect(groups[0]!.pairs.map(({ similarity }) => similarity)).toEqual([0.99, 0.96])
})

it('gives no group for no pair', () => {
  expect(groupPairs([], listed)).toEqual([])
})
