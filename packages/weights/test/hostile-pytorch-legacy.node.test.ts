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
  expect([...old.tensors.keys()]).toEqual(Object.keys(expected).map((name) => `state_dict.${name}`))
  expect(old.tensors).toEqual(zip.tensors)
})

const version = find(legacy, '\x80\x02M\xe9\x03.')
const endian = find(legacy, 'little_endian')
// After its name and where it is memoised stands True.
const littleEndian = legacy.indexOf(0x88, endian)
/** The first storage: the list of keys ends the last pickle, and its number of values follows. */
const storages = find(legacy, 'e.', legacy.length - 700) + 2

test.each([
  ['of another version', patched(legacy, version + 3, [0xea]), '1002'],
  ['of a big-endian machine', patched(legacy, littleEndian, [0x89]), 'big-endian'],
  [
    'that names os.system',
    patched(legacy, find(legacy, 'ccollections\nOrderedDict'), ascii('cposix\nsystemsystemsyste')),
    'posix.system',
  ],
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
