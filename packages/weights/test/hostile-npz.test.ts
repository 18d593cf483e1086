import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { readCheckpoint, type StoredTensor } from '../src/index.js'
import { refusalOf } from './support/expect-refusal.js'

function npy(header: string, data: Uint8Array, version = 1): Uint8Array {
  const text = new TextEncoder().encode(`${header}\n`)
  const start = version === 1 ? 10 : 12
  const file = new Uint8Array(start + text.length + data.length)
  file.set([0x93, ...new TextEncoder().encode('NUMPY'), version, 0])
  const view = new DataView(file.buffer)
  if (version === 1) view.setUint16(8, text.length, true)
  else view.setUint32(8, text.length, true)
  file.set(text, start)
  file.set(data, start + text.length)
  return file
}

const header = (shape: string, order = 'False', descr = '|u1'): string =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape}), }   `

async function read(array: Uint8Array, level: 0 | 9 = 0): Promise<StoredTensor> {
  const { tensors } = await readCheckpoint(zipSync({ 'a/b.npy': array }, { level }))
  return tensors.get('a/b')!
}

const six = Uint8Array.of(1, 2, 3, 4, 5, 6)

test.each([
  ['in C order', '2, 3', 'False', [1, 2, 3, 4, 5, 6]],
  ['in Fortran order', '2, 3', 'True', [1, 3, 5, 2, 4, 6]],
  ['in Fortran order with axes of one', '1, 3, 2, 1', 'True', [1, 4, 2, 5, 3, 6]],
  ['of one axis', '6,', 'True', [1, 2, 3, 4, 5, 6]],
])('an array %s, of versions 1 to 3, packed or not', async (_, shape, order, expected) => {
  for (const version of [1, 2, 3]) {
    for (const level of [0, 9] as const) {
      const { bytes, shape: extents } = await read(npy(header(shape, order), six, version), level)
      expect([...bytes]).toEqual(expected)
      expect(extents).toEqual(shape.split(',').filter(Boolean).map(Number))
    }
  }
})

test('a number without axes', async () => {
  expect(await read(npy(header('', 'False', '<f8'), new Uint8Array(8)))).toMatchObject({ shape: [], dtype: 'float64' })
})

test.each([
  ["of Python's objects", npy(header('1,', 'False', '|O'), six), '|O'],
  ['of big-endian numbers', npy(header('3,', 'False', '>f2'), six), '>f2'],
  ['of records', npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", six), 'descr'],
  ['of fewer bytes than its shape', npy(header('7,'), six), '7 bytes'],
  ['of a shape beyond all numbers', npy(header('9'.repeat(30)), six), '6 bytes'],
  ['of 2^60 values', npy(header('1073741824, 1073741824'), six), '6 bytes'],
  ['of version 4', npy(header('6,'), six, 4), 'version 4'],
  ['with a header beyond its end', npy(header('6,'), six, 1).subarray(0, 30), 'header'],
  ['that is cut off in its version', six, 'version'],
  ['with a header of 20 kB', npy(header('6,').padEnd(20_000), six), 'header'],
])('an array %s', async (_, array, message) => {
  expect((await refusalOf(() => read(array))).message).toContain(message)
})
