import { expect, it, vi } from 'vitest'
import { abortable, onAbort } from '../src/index.js'

/** A signal whose listeners are counted. */
function countedSignal() {
  const controller = new AbortController()
  const { signal } = controller
  const added = vi.spyOn(signal, 'addEventListener')
  const removed = vi.spyOn(signal, 'removeEventListener')
  return { controller, signal, listeners: () => added.mock.calls.length - removed.mock.calls.length }
}

it('puts one listener on a signal for all callbacks, and removes it with the last', () => {
  const { controller, signal, listeners } = countedSignal()
  const callback = vi.fn()
  const leaves = Array.from({ length: 20 }, () => onAbort(signal, callback))
  expect(listeners()).toBe(1)
  for (const leave of leaves.slice(1)) leave()
  expect(listeners()).toBe(1)
  leaves[0]!()
  leaves[0]!()
  expect(listeners()).toBe(0)
  const again = onAbort(signal, callback)
  // This callback was removed already. Removing it again must not remove the other callback's listener.
  leaves[0]!()
  expect(listeners()).toBe(1)
  controller.abort()
  expect(callback).toHaveBeenCalledTimes(1)
  again()
  expect(listeners()).toBe(0)
})

it('calls all callbacks that are left, also if some are removed meanwhile', () => {
  const controller = new AbortController()
  const called: number[] = []
  const leaves = [0, 1, 2, 3].map((index) =>
    onAbort(controller.signal, () => {
      called.push(index)
      leaves[index]!()
      leaves[2]!()
    }),
  )
  leaves[1]!()
  controller.abort()
  expect(called).toEqual([0, 3])
  onAbort(undefined, () => expect.unreachable())()
})

it('calls the callback of a signal that is aborted already', async () => {
  const signal = AbortSignal.abort(new Error('enough'))
  const [callback, other] = [vi.fn(), vi.fn()]
  onAbort(signal, callback)
  onAbort(signal, other)()
  await Promise.resolve()
  expect(callback).toHaveBeenCalledTimes(1)
  expect(other).not.toHaveBeenCalled()
  await expect(abortable(new Promise(() => {}), signal)).rejects.toThrow('enough')
  await expect(abortable(Promise.reject(new Error('of the work')), signal)).rejects.toThrow('enough')
})

it('settles as the work does, unless the signal is aborted before', async () => {
  const { controller, signal, listeners } = countedSignal()
  await expect(abortable(Promise.resolve(1), undefined)).resolves.toBe(1)
  await expect(abortable(Promise.resolve(2), signal)).resolves.toBe(2)
  await expect(abortable(Promise.reject(new Error('of the work')), signal)).rejects.toThrow('of the work')
  expect(listeners()).toBe(0)
  const waiting = abortable(new Promise(() => {}), signal)
  controller.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
})
