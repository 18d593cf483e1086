import { expect, it } from 'vitest'
import { brandOf, copyBytes, isBytes } from '../src/brand.js'

it('names the class of a value', () => {
  expect([brandOf(new Uint8Array(1)), brandOf(new URL('file:///a')), brandOf(null), brandOf('text')]).toEqual([
    'Uint8Array',
    'URL',
    'Null',
    'String',
  ])
})

it('takes memory of every kind for bytes, and nothing else', () => {
  const memory = [new Uint8Array(2), new Uint8ClampedArray(2), new DataView(new ArrayBuffer(2)), new ArrayBuffer(2)]
  for (const each of [...memory, new SharedArrayBuffer(2)]) expect(isBytes(each)).toBe(true)
  for (const each of [new Float32Array(2), [1, 2], 'text', null, undefined]) expect(isBytes(each)).toBe(false)
})

it('copies what a view shows, into memory that is not shared', () => {
  const shared = new SharedArrayBuffer(4)
  new Uint8Array(shared).set([1, 2, 3, 4])
  for (const source of [shared, new Uint8Array(shared), new DataView(shared, 0, 4)]) {
    const copy = copyBytes(source)
    expect([...copy]).toEqual([1, 2, 3, 4])
    expect(copy.buffer).toBeInstanceOf(ArrayBuffer)
  }
  expect([...copyBytes(new DataView(shared, 1, 2))]).toEqual([2, 3])
  const bytes = Uint8Array.of(5, 6)
  const copy = copyBytes(bytes)
  bytes[0] = 0
  expect([...copy]).toEqual([5, 6])
})
