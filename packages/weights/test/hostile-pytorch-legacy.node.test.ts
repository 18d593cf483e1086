import { expect, test } from 'vitest'
import { readCheckpoint } from '../src/index.js'
import { refusalOf } from './support/expect-refusal.js'
import { find, golden, goldenBytes, patched } from './support/goldens.js'

const legacy = goldenBytes('tensors-legacy.pth')
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)

test('the same tensors as in the zip, of every type and stride', async () => {
  const expected = golden<Record<string, { shape: number[] }>>('tensors.json')
  const [old, zip] = [await readCheckpoint(legacy), await readCheckpoint(goldenBytes('tensors.pth'))]
  expect(old.format).toBe('pytorch')
  expect([...old.tensors.keys()]).toEqual([...Object.keys(expected).map((name) => `state_dict.${name}`), 'optimizer.buffer'])
  expect(old.tensors).toEqual(zip.tensors)
})

const version = find(legacy, '\x80\x02M\xe9\x03.')
const endian = find(legacy, 'little_endian')
// The value True stands after the name and the instruction that memoises it.
const littleEndian = legacy.indexOf(0x88, endian)
/** The offset of the first storage. The last pickle ends with the list of keys; the storage's number of values follows it. */
const storages = find(legacy, 'e.', legacy.length - 700) + 2

test.each([
  ['of another version', patched(legacy, version + 3, [0xea]), '1002'],
  ['of a big-endian machine', patched(legacy, littleEndian, [0x89]), 'big-endian'],
  ['whose storage has another length than its tensor says', patched(legacy, storages, [0xff]), 'two lengths'],
  [
    'whose storage is longer than the file',
    patched(legacy, storages, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]),
    'two lengths',
  ],
  ['that ends before its storages', legacy.subarray(0, storages), 'cut off'],
  ['that ends in its first pickle', legacy.subarray(0, 15), 'ends early'],
])('a file %s', async (_, bytes, message) => {
  expect((await refusalOf(() => readCheckpoint(bytes))).message).toContain(message)
})

test('a file that is cut off anywhere', async () => {
  for (let length = 15; length < legacy.length; length++) {
    expect((await refusalOf(() => readCheckpoint(legacy.subarray(0, length)))).code).toBe('CHECKPOINT')
  }
})

/** Nested pairs, 31 deep. Each pair holds the pair below it twice, so that a text of all of them would have 2^31 parts. */
const pairs = [0x4b, 1, 0x85, ...Array.from({ length: 30 }, () => [0x71, 0, 0x68, 0, 0x86]).flat()]
const start = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e]
const ready = [
  0x80,
  2,
  0x4d,
  0xe9,
  3,
  0x2e,
  0x80,
  2,
  0x7d,
  0x58,
  13,
  0,
  0,
  0,
  ...ascii('little_endian'),
  0x88,
  0x73,
  0x2e,
  0x80,
  2,
  0x7d,
  0x2e,
]

test.each([
  ['version', [0x80, 2, ...pairs, 0x2e], 'version'],
  ['storage', [...ready, 0x80, 2, 0x5d, ...pairs, 0x61, 0x2e], 'no tensor has'],
  ['list of storages', [...ready, 0x80, 2, ...pairs, 0x2e], 'no tensor has'],
])('a file whose %s is such pairs', async (_, rest, message) => {
  expect((await refusalOf(() => readCheckpoint(Uint8Array.from([...start, ...rest])))).message).toContain(message)
})
