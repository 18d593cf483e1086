import { expect, it } from 'vitest'
import { noticeRepeats, shortHash, toBatches } from '../src/batch.js'

async function batchesOf(files: readonly string[], size: number): Promise<{ id: string; files: readonly string[] }[]> {
  const batches: { id: string; files: readonly string[] }[] = []
  for await (const batch of toBatches(files, size)) batches.push(batch)
  return batches
}

it('puts pictures into batches in their order, each picture once', async () => {
  const batches = await batchesOf(['a', 'b', 'a', 'c', 'b', 'd', 'e'], 2)
  expect(batches.map(({ files }) => files)).toEqual([['a', 'b'], ['c', 'd'], ['e']])
  expect(await batchesOf([], 2)).toEqual([])
})

it('names a batch by its place and its pictures', async () => {
  const [first, second] = await batchesOf(['a', 'b', 'c', 'd'], 2)
  expect(first!.id).toMatch(/^00000000-[0-9a-f]{12}$/)
  expect(await batchesOf(['a', 'b', 'c', 'd', 'e'], 2)).toMatchObject([first, second, { files: ['e'] }])
  expect((await batchesOf(['a', 'x'], 2))[0]!.id).not.toBe(first!.id)
})

it('reads no more pictures than the batches that are asked for', async () => {
  let read = 0
  function* files(): Generator<string> {
    for (;;) yield `picture ${read++}`
  }
  for await (const { files: batch } of toBatches(files(), 4)) {
    expect(batch).toHaveLength(4)
    break
  }
  expect(read).toBe(4)
})

it('notices repeats among many texts', () => {
  const isNew = noticeRepeats()
  const texts = Array.from({ length: 10_000 }, (_, index) => `/photos/${index}.jpg`)
  expect(texts.every(isNew)).toBe(true)
  expect(texts.some(isNew)).toBe(false)
})

it('tells lists of texts apart', () => {
  expect(shortHash(['a', 'b'])).not.toBe(shortHash(['ab']))
})
