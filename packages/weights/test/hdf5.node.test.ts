import { expect, test } from 'vitest'
import { openBudget } from '../src/formats/budget.js'
import { type Hdf5Object, readHdf5 } from '../src/formats/hdf5/read.js'
import { hdf5Tensor } from '../src/formats/keras/tensors.js'
import type { StoredTensor } from '../src/index.js'
import { CheckpointError } from '../src/index.js'
import { storedNumbers } from '../src/values.js'
import { golden, goldenBytes, patched } from './support/goldens.js'

const { arrays } = golden<{ arrays: Record<string, { shape: number[]; values: number[] }> }>('arrays.json')

function objectAt(objects: readonly Hdf5Object[], path: string): Hdf5Object {
  const object = objects.find((candidate) => candidate.path === path)
  if (object === undefined) throw new Error(`no ${path}`)
  return object
}

/** The values of a tensor. `storedNumbers` refuses integers without a scale, so they get the scale 1. */
function numbersOf(tensor: StoredTensor): number[] {
  const integer = tensor.dtype === 'int8' || tensor.dtype === 'uint8'
  return [...storedNumbers(integer ? { ...tensor, quantization: { scales: [1], zeroPoints: [0], axis: 0 } } : tensor)]
}

test.each(['arrays.h5', 'arrays-latest.h5'])("%s: h5py's arrays, of every type and layout", (file) => {
  const objects = readHdf5(goldenBytes(file), openBudget(0))
  const found = objects.filter(({ path }) => path.startsWith('layer/inner/'))
  const names = Object.keys(arrays).filter((name) => found.some(({ path }) => path === `layer/inner/${name}`))
  expect(names.length).toBe(found.length)
  expect(names.length).toBe(file === 'arrays.h5' ? 12 : 7)
  for (const name of names) {
    const tensor = hdf5Tensor(name, objectAt(objects, `layer/inner/${name}`))
    expect(tensor.shape).toEqual(arrays[name]!.shape)
    expect(numbersOf(tensor)).toEqual(arrays[name]!.values)
  }
})

test.each(['arrays.h5', 'arrays-latest.h5'])('%s: attributes of texts', (file) => {
  const group = objectAt(readHdf5(goldenBytes(file), openBudget(0)), 'layer/inner')
  expect(group.dataset).toBeNull()
  expect(group.texts('fixed')).toEqual(['one', 'three'])
  expect(group.texts('variable')).toEqual(['zwei', '', 'vier ä'])
  expect(group.texts('scalar')).toEqual(['文'.repeat(300)])
  expect(group.texts('number')).toBeNull()
  expect(group.texts('nothing')).toBeNull()
})

test('what is not read: a filter of h5py alone, big-endian numbers', () => {
  const objects = readHdf5(goldenBytes('arrays.h5'), openBudget(0))
  const refused = (path: string): string => {
    try {
      hdf5Tensor(path, objectAt(objects, path))
    } catch (error) {
      if (error instanceof CheckpointError) return error.message
      throw error
    }
    throw new Error(`${path} was read`)
  }
  expect(refused('other/lzf')).toContain('filter 32000')
  expect(refused('other/big')).toContain('big-endian float of 4 bytes')
})

/** The error that reading everything ends in. */
function refusalOf(bytes: Uint8Array): CheckpointError {
  try {
    for (const { dataset, texts } of readHdf5(bytes, openBudget(bytes.length))) {
      dataset?.read()
      for (const name of ['fixed', 'variable', 'scalar']) texts(name)
    }
  } catch (error) {
    if (error instanceof CheckpointError) return error
    throw error
  }
  throw new Error('The file was read.')
}

/** The first offset of `text` in a file, from an offset on. */
function placeOf(bytes: Uint8Array, text: string, from = 0): number {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(text, from, 'latin1')
  if (at < 0) throw new Error(`no ${text}`)
  return at
}

function uint64(value: number): Uint8Array {
  return new Uint8Array(new BigUint64Array([BigInt(value)]).buffer)
}

const file = goldenBytes('arrays.h5')
const tree = placeOf(file, 'TREE')

test.each([
  ['a root beyond the file', patched(file, 64, uint64(2 ** 40)), 'beyond the file'],
  ['offsets of 4 bytes', patched(file, 13, [4]), 'offsets that are not of 8 bytes'],
  ['a superblock of version 9', patched(file, 8, [9]), 'a superblock of another version'],
  [
    'a tree whose child is itself',
    patched(file, tree + 5, [1, ...file.subarray(tree + 6, tree + 32), ...uint64(tree)]),
    'another tree',
  ],
  ['a tree of 65,535 children', patched(file, tree + 6, [0xff, 0xff]), 'damaged'],
  ['a group that is a member of itself', patched(file, placeOf(file, 'SNOD') + 16, file.subarray(64, 72)), 'a member of itself'],
  ['a heap that is none', patched(file, placeOf(file, 'HEAP'), [0]), 'no HEAP'],
  ['a global heap that is none', patched(file, placeOf(file, 'GCOL'), [0]), 'no GCOL'],
  ['a global heap as long as 2^60', patched(file, placeOf(file, 'GCOL') + 8, uint64(2 ** 60)), 'beyond the file'],
])('%s', (_, bytes, message) => {
  expect(refusalOf(bytes).message).toContain(message)
})

test('an array of 2^40 values, which its file is too small to justify', () => {
  // The dataspace of `many`: version 1, one axis, and a largest extent.
  const dataspace = placeOf(file, String.fromCharCode(1, 1, 1, 0, 0, 0, 0, 0, 0xbc, 2, 0, 0, 0, 0, 0, 0))
  expect(refusalOf(patched(file, dataspace + 8, uint64(2 ** 40))).message).toContain('more than its size can justify')
})

test('a file cut off anywhere', () => {
  for (const name of ['arrays.h5', 'arrays-latest.h5']) {
    const bytes = goldenBytes(name)
    for (let length = 9; length < bytes.length; length += 211) expect(refusalOf(bytes.subarray(0, length)).code).toBe('CHECKPOINT')
  }
})
