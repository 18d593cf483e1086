import { afterEach, expect, it, vi } from 'vitest'
import { createPause } from '../src/index.js'

afterEach(() => {
  vi.restoreAllMocks()
})

it('yields to the event loop when the time is over, not before, and then counts the time from 0 again', async () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(0)
  const pause = createPause(undefined, 10)
  now.mockReturnValue(9)
  expect(pause()).toBeUndefined()
  now.mockReturnValue(10)
  let others = 0
  setImmediate(() => others++)
  await pause()
  expect(others).toBe(1)
  expect(pause()).toBeUndefined()
})

it("throws the signal's reason, also if the abort comes during the pause", async () => {
  const controller = new AbortController()
  const pause = createPause(controller.signal, 0)
  const paused = pause()
  controller.abort(new Error('enough'))
  await expect(paused).rejects.toThrow('enough')
  expect(pause).toThrow('enough')
})
