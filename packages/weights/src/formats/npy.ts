import { bytesPerValue, type StoredTensor, type TensorType, valueCount } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import type { Budget } from './budget.js'

/** What the file starts with, before its version. */
const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

/** `descr` of the types that parameters can be stored in; `|` where a value is one byte, which has no order. */
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

/** NumPy pads a header to 64 bytes; NumPy itself refuses one of over 10,000. */
const longestHeader = 10_000

/** A kernel has 4 axes. */
const mostAxes = 8

/** Values whose first axis varies fastest, in row-major order. */
function toRowMajor(bytes: Uint8Array, shape: readonly number[], size: number): Uint8Array {
  const ordered = new Uint8Array(bytes.length)
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, extent) => product * extent, size))
  for (let at = 0, index = 0; at < bytes.length; at += size, index++) {
    let rest = index
    let from = 0
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += (rest % shape[axis]!) * strides[axis]!
      rest = Math.floor(rest / shape[axis]!)
    }
    for (let byte = 0; byte < size; byte++) ordered[at + byte] = bytes[from + byte]!
  }
  return ordered
}

/**
 * Reads a `.npy` file, versions 1 to 3 (`numpy.lib.format`).
 * @throws CheckpointError if it is damaged, of big-endian numbers, or of Python's objects, which would have to be unpickled
 */
export function readNpy(name: string, bytes: Uint8Array, budget: Budget): StoredTensor {
  const refuse = (expected: string, got: string): never => {
    throw new CheckpointError('The array is not one that NumPy wrote of numbers.', { tensor: name, expected, got })
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
  const dtype = types.get(descr)
  if (dtype === undefined) return refuse([...types.keys()].join(', '), text.slice(0, 100))
  const shape = extents === '' ? [] : extents.replace(/, ?$/, '').split(',').map(Number)
  const size = bytesPerValue[dtype]
  const count = valueCount(shape)
  if (shape.length > mostAxes || shape.some((extent) => !Number.isSafeInteger(extent)) || bytes.length - start !== count * size) {
    return refuse(`${count * size} bytes: [${shape.slice(0, mostAxes).join(', ')}] of ${dtype}`, `${bytes.length - start} bytes`)
  }
  const values = bytes.subarray(start)
  if (order === 'False' || shape.length < 2) return { name, shape, dtype, bytes: values, quantization: null }
  budget.take(values.length, name)
  return { name, shape, dtype, bytes: toRowMajor(values, shape, size), quantization: null }
}
