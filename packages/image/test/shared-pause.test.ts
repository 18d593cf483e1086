import { nextTask } from '@mobilenetv2/runtime'
import { afterEach, expect, it, vi } from 'vitest'
import { sharedPause } from '../src/shared-pause.js'

let now = 0

/** Work of so many milliseconds, as far as a clock can tell. */
function work(milliseconds: number): void {
  now += milliseconds
}

afterEach(() => {
  vi.restoreAllMocks()
})

function stopClock(): void {
  // A whole number, so that sums of milliseconds are exact.
  now = Math.ceil(Math.max(now, performance.now())) + 1000
  vi.spyOn(performance, 'now').mockImplementation(() => now)
}

it('lets one picture go on in each turn of the event loop, in the order in which they began to wait', async () => {
  stopClock()
  const done: number[] = []
  const turnOf: number[] = []
  let turn = 0
  let counting = true
  const counter = (async () => {
    for (; counting; turn++) await nextTask()
  })()
  await Promise.all(
    Array.from({ length: 20 }, async (_, picture) => {
      await sharedPause()
      work(4)
      done.push(picture)
      turnOf.push(turn)
    }),
  )
  counting = false
  await counter
  expect(done).toEqual(Array.from({ length: 20 }, (_, picture) => picture))
  expect(new Set(turnOf).size).toBe(20)
})

it('bounds the work of all pictures together between two turns', async () => {
  stopClock()
  let sinceTurn = 0
  let most = 0
  let counting = true
  const counter = (async () => {
    for (; counting; sinceTurn = 0) await nextTask()
  })()
  // Pictures so small that none of them alone works long enough for a pause.
  await Promise.all(
    Array.from({ length: 50 }, async () => {
      for (let step = 0; step < 3; step++) {
        await sharedPause()
        work(1)
        sinceTurn += 1
        most = Math.max(most, sinceTurn)
      }
    }),
  )
  counting = false
  await counter
  expect(most).toBeLessThanOrEqual(4)
})

it('does not wait if the last turn of the event loop was recent', async () => {
  stopClock()
  await sharedPause()
  work(3)
  expect(sharedPause()).toBeUndefined()
  work(1)
  expect(sharedPause()).toBeInstanceOf(Promise)
})
