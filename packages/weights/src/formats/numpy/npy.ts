import { bytesPerValue, isShape, type StoredTensor, type TensorType, valueCount } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import type { Budget } from '../budget.js'
import { storedTensor } from '../pickle/tensor.js'
import { columnMajorStrides, rowMajorStrides } from '../pytorch/strides.js'
import { textsOf } from './texts.js'

/** The content of a `.npy` file. */
export type NpyContent =
  | { readonly what: 'tensor'; readonly tensor: StoredTensor }
  | { readonly what: 'texts'; readonly texts: readonly string[] }
  /** Python's objects, as a pickle of a list. */
  | { readonly what: 'objects'; readonly pickle: Uint8Array }
  | { readonly what: 'unreadable'; readonly reason: string }

/** The first bytes of a file. */
const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

/** The types that parameters can have, by `descr`. A `|` stands for a value of one byte, which has no byte order. */
const types: ReadonlyMap<string, TensorType> = new Map([
  ['<f8', 'float64'],
  ['<f4', 'float32'],
  ['<f2', 'float16'],
  ['<i8', 'int64'],
  ['<i4', 'int32'],
  ['<i2', 'int16'],
  ['|i1', 'int8'],
  ['<u2', 'uint16'],
  ['|u1', 'uint8'],
  ['|b1', 'bool'],
])

/** NumPy's header is a dictionary as Python prints it, in this order. */
const header = /^\{'descr': '([^']*)', 'fortran_order': (True|False), 'shape': \(([\d, ]*)\), \} *\n$/

/** Most bytes of a header. NumPy pads it to 64 bytes, and refuses one of over 10,000. */
const longestHeader = 10_000

/**
 * Reads a `.npy` file, versions 1 to 3 (`numpy.lib.format`).
 * @throws CheckpointError if it is damaged
 */
export function readNpy(name: string, bytes: Uint8Array, budget: Budget): NpyContent {
  const refuse = (expected: string, got: string): never => {
    throw new CheckpointError('The array was not written by NumPy.', { tensor: name, expected, got })
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const version = bytes[6] ?? 0
  const headerAt = version === 1 ? 10 : 12
  if (bytes.length < headerAt || magic.some((byte, index) => bytes[index] !== byte) || !(version >= 1 && version <= 3)) {
    return refuse('NUMPY and version 1 to 3', `version ${version} of ${bytes.length} bytes`)
  }
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  const start = headerAt + length
  if (length > longestHeader || start > bytes.length) {
    return refuse(`a header of at most ${longestHeader} bytes`, `${length} of ${bytes.length} bytes`)
  }
  const text = new TextDecoder().decode(bytes.subarray(headerAt, start))
  const [, descr = '', order = '', extents = ''] = header.exec(text) ?? []
  const values = bytes.subarray(start)
  if (descr === '|O') return { what: 'objects', pickle: values }
  const dtype = types.get(descr)
  const shape = extents === '' ? [] : extents.replace(/, ?$/, '').split(',').map(Number)
  const count = valueCount(shape)
  const fits = (size: number): boolean => isShape(shape) && values.length === count * size
  if (dtype === undefined) {
    const texts = shape.length === 1 ? textsOf(descr, count, values, budget) : null
    if (texts !== null) return { what: 'texts', texts }
    return { what: 'unreadable', reason: `not one of ${[...types.keys()].join(', ')}: ${text.slice(0, 100).trim()}` }
  }
  const size = bytesPerValue[dtype]
  if (!fits(size)) {
    return refuse(`${count * size} bytes: [${shape.slice(0, 8).join(', ')}] of ${dtype}`, `${values.length} bytes`)
  }
  const tensor = {
    dtype,
    storage: { key: name, source: { size: values.length, read: () => values } },
    offset: 0,
    shape,
    strides: order === 'True' ? columnMajorStrides(shape) : rowMajorStrides(shape),
    quantization: null,
  }
  return { what: 'tensor', tensor: storedTensor(name, tensor, budget) }
}
