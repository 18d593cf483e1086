import { expect, it, vi } from 'vitest'
import { createTurns } from '../src/turn-taking.js'

/** A task that ends when it is told to. */
function heldTask<Result>() {
  let resolve: (result: Result) => void
  const promise = new Promise<Result>((fulfil) => {
    resolve = fulfil
  })
  return { run: vi.fn(() => promise), resolve: (result: Result) => resolve(result) }
}

const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

it('runs at most so many tasks at once, in the order of the calls', async () => {
  const takeTurn = createTurns(3)
  const begun: number[] = []
  let running = 0
  let most = 0
  const results = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      takeTurn(async () => {
        begun.push(index)
        running += 1
        most = Math.max(most, running)
        await later()
        running -= 1
        return index * 2
      }),
    ),
  )
  expect(most).toBe(3)
  expect(begun).toEqual(Array.from({ length: 200 }, (_, index) => index))
  expect(results).toEqual(begun.map((index) => index * 2))
})

it('goes on after a task that fails, at once or later', async () => {
  const takeTurn = createTurns(1)
  const outcomes = await Promise.allSettled([
    takeTurn(async () => {
      await later()
      throw new Error('later')
    }),
    takeTurn(() => {
      throw new Error('at once')
    }),
    takeTurn(async () => 'fine'),
  ])
  expect(outcomes).toEqual([
    { status: 'rejected', reason: new Error('later') },
    { status: 'rejected', reason: new Error('at once') },
    { status: 'fulfilled', value: 'fine' },
  ])
  expect(await takeTurn(async () => 'again')).toBe('again')
})

it('rejects a waiting task at once when its signal is aborted, and never runs it', async () => {
  const takeTurn = createTurns(1)
  const first = heldTask<string>()
  const aborted = heldTask<string>()
  const last = heldTask<string>()
  const controller = new AbortController()
  const running = takeTurn(first.run)
  const waiting = takeTurn(aborted.run, controller.signal)
  const behind = takeTurn(last.run)
  controller.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  expect(last.run).not.toHaveBeenCalled()
  first.resolve('first')
  last.resolve('last')
  expect(await Promise.all([running, behind])).toEqual(['first', 'last'])
  expect(aborted.run).not.toHaveBeenCalled()
})

it('refuses at once if the signal was aborted before', async () => {
  const task = heldTask<void>()
  await expect(createTurns(1)(task.run, AbortSignal.abort(new Error('before')))).rejects.toThrow('before')
  expect(task.run).not.toHaveBeenCalled()
})

it('listens once to a signal that many calls share', async () => {
  const takeTurn = createTurns(1)
  const controller = new AbortController()
  const added = vi.spyOn(controller.signal, 'addEventListener')
  const first = heldTask<string>()
  const running = takeTurn(first.run)
  const waiting = Array.from({ length: 20 }, () => takeTurn(later, controller.signal))
  const other = takeTurn(async () => 'without the signal')
  expect(added).toHaveBeenCalledOnce()
  controller.abort(new Error('enough'))
  const outcomes = await Promise.allSettled(waiting)
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
  first.resolve('first')
  expect(await Promise.all([running, other])).toEqual(['first', 'without the signal'])
})
