import { expect, test } from 'vitest'
import { readCheckpoint } from '../src/index.js'
import { refusalOf } from './support/expect-refusal.js'

function safetensors(header: string, data = 0): Uint8Array {
  const text = new TextEncoder().encode(header)
  const file = new Uint8Array(8 + text.length + data)
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true)
  file.set(text, 8)
  return file
}

const entry = (start: number, end: number, shape = [(end - start) / 4]): string =>
  JSON.stringify({ dtype: 'F32', shape, data_offsets: [start, end] })

test('tensors, in any order, and metadata are read', async () => {
  const { tensors, metadata, format } = await readCheckpoint(
    safetensors(`{"b":${entry(8, 16)},"__metadata__":{"format":"pt"},"a":${entry(0, 8, [1, 2])},"none":${entry(16, 16)}}   `, 16),
  )
  expect(format).toBe('safetensors')
  expect(metadata).toEqual({ format: 'pt' })
  expect([...tensors].map(([name, { shape, bytes }]) => [name, shape, bytes.length])).toEqual([
    ['b', [2], 8],
    ['a', [1, 2], 8],
    ['none', [0], 0],
  ])
})

test.each([
  ['overlap', safetensors(`{"a":${entry(0, 8)},"b":${entry(4, 12)}}`, 12), 'overlap'],
  ['are at one place', safetensors(`{"a":${entry(0, 8)},"b":${entry(0, 8)}}`, 8), 'overlap'],
  ['leave a gap', safetensors(`{"a":${entry(0, 8)},"b":${entry(12, 16)}}`, 16), 'No tensor has'],
  ['reach beyond the file', safetensors(`{"a":${entry(0, 8)}}`, 4), 'exceeds the file'],
  ['leave bytes at the end', safetensors(`{"a":${entry(0, 8)}}`, 12), 'longer than its tensors'],
  ['have another length than their shape', safetensors(`{"a":${entry(0, 8, [3])}}`, 8), 'the bytes that its shape needs'],
  ['have a shape beyond all numbers', safetensors(`{"a":${entry(0, 8, [2 ** 52, 2 ** 52, 0.5])}}`, 8), 'does not have the bytes'],
  ['end before they start', safetensors(`{"a":${entry(8, 0, [2])}}`, 8), 'the bytes that its shape needs'],
  ['have a type of 8 bits of float', safetensors('{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}', 1), 'F8_E4M3'],
  ['have one name', safetensors(`{"a":${entry(0, 8)},"\\u0061":${entry(8, 16)}}`, 16), 'the same name'],
  ['say their type twice', safetensors('{"a":{"dtype":"F32","dtype":"F16","shape":[2],"data_offsets":[0,4]}}', 4), 'the same name'],
  ['are no objects', safetensors('{"a":[]}'), 'an object'],
])('tensors that %s', async (_, bytes, message) => {
  expect((await refusalOf(() => readCheckpoint(bytes, { file: 'a.safetensors' }))).message).toContain(message)
})

test.each([
  ['longer than the file', 1000n],
  ['longer than any', 2n ** 47n],
  ['shorter than it is', 3n],
])('a header that is said to be %s', async (_, length) => {
  const bytes = safetensors(`{"a":${entry(0, 8)}}`, 8)
  new DataView(bytes.buffer).setBigUint64(0, length, true)
  expect((await refusalOf(() => readCheckpoint(bytes))).code).toBe('CHECKPOINT')
})

test('a header of 5 MB of values', async () => {
  const bytes = safetensors(`{"__metadata__":{"a":[${'1,'.repeat(2_500_000)}1]}}`)
  expect((await refusalOf(() => readCheckpoint(bytes))).message).toContain('more than its size can justify')
})
