import { afterEach, expect, it, vi } from 'vitest'
import { trainHead } from '../src/index.js'
import { seededExamples } from './support/seeded-examples.js'

afterEach(() => vi.restoreAllMocks())

/** The turns of the event loop during a training, and how often the training looks at the clock, which advances by 10 ms at each look. */
async function turnsDuring(sizes: readonly number[], length: number): Promise<{ turns: number; looks: number }> {
  let looks = 0
  let turns = 0
  let isDone = false
  vi.spyOn(performance, 'now').mockImplementation(() => {
    looks++
    return 10 * looks
  })
  const count = (): void => {
    turns++
    if (!isDone) setImmediate(count)
  }
  setImmediate(count)
  await trainHead(seededExamples(sizes, length, 4), { validation: 0 })
  isDone = true
  return { turns, looks }
}

it.each([
  ['few', [40, 40, 40], 200],
  ['many', [600, 600], 64],
] as const)('lets other tasks run before 50 ms have gone by, with %s pictures', async (_, sizes, length) => {
  const { turns, looks } = await turnsDuring(sizes, length)
  expect(looks).toBeGreaterThan(100)
  expect(turns).toBeGreaterThan(looks / 5)
})

it('looks at the clock between pieces of at most some millions of products', async () => {
  const looksOf = async (pictures: number): Promise<number> => (await turnsDuring([pictures, pictures], 2048)).looks
  // A fit to 2.5 times as many pictures takes more looks, not longer waits between them.
  expect(await looksOf(1500)).toBeGreaterThan(1.5 * (await looksOf(600)))
})
