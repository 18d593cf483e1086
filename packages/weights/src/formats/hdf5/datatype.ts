import type { TensorType } from '../../checkpoint.js'
import type { Hdf5Bytes } from './hdf5-bytes.js'

/** The type of the elements of a dataset or an attribute. `size` is the bytes of an element. */
export type Datatype =
  | { readonly kind: 'number'; readonly size: number; readonly dtype: TensorType }
  /** Text of a fixed length, filled up with zeros or spaces. */
  | { readonly kind: 'text'; readonly size: number }
  /** Text of any length, in the global heap. */
  | { readonly kind: 'heapText'; readonly size: number }
  /** Any other type, with a name for errors. */
  | { readonly kind: 'other'; readonly size: number; readonly name: string }

const signedTypes: ReadonlyMap<number, TensorType> = new Map([
  [1, 'int8'],
  [2, 'int16'],
  [4, 'int32'],
  [8, 'int64'],
])
const unsignedTypes: ReadonlyMap<number, TensorType> = new Map([
  [1, 'uint8'],
  [2, 'uint16'],
])
/** The types of floats by their bytes and the bits of their fraction. */
const floatTypes: ReadonlyMap<string, TensorType> = new Map([
  ['2, 10', 'float16'],
  ['2, 7', 'bfloat16'],
  ['4, 23', 'float32'],
  ['8, 52', 'float64'],
])

const classes = ['integer', 'float', 'time', 'text', 'bits', 'opaque', 'compound', 'reference', 'enumeration', 'sequence', 'array']

/** The datatype message at `at` (section IV.A.2.d of the HDF5 file format specification). */
export function readDatatype(bytes: Hdf5Bytes, at: number): Datatype {
  const kind = bytes.uint8(at) & 15
  const [flags, size] = [bytes.uint8(at + 1), bytes.uint32(at + 4)]
  const bigEndian = (flags & 1) !== 0
  if (kind === 0 && !bigEndian) {
    const dtype = (flags & 8 ? signedTypes : unsignedTypes).get(size)
    if (dtype !== undefined) return { kind: 'number', size, dtype }
  }
  if (kind === 1 && !bigEndian) {
    const dtype = floatTypes.get(`${size}, ${bytes.uint8(at + 15)}`)
    if (dtype !== undefined) return { kind: 'number', size, dtype }
  }
  if (kind === 3) return { kind: 'text', size }
  if (kind === 9 && (flags & 15) === 1) return { kind: 'heapText', size }
  return { kind: 'other', size, name: `${bigEndian ? 'big-endian ' : ''}${classes[kind] ?? `class ${kind}`} of ${size} bytes` }
}
