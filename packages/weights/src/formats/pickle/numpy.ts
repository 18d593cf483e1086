import { bytesPerValue, type TensorType, valueCount } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import type { Budget } from '../budget.js'
import { textsOf } from '../numpy/texts.js'
import { columnMajorStrides, rowMajorStrides } from '../pytorch/strides.js'
import { type Meaning, type PickleTensor, readExtents, readOnce } from './tensor.js'
import { describeValue, isGlobal, isInstance, type PickleInstance, type PickleValue, type StorageSource } from './value.js'

/** The types that parameters can have, by NumPy's letter and number of bytes. */
const types: ReadonlyMap<string, TensorType> = new Map([
  ['f8', 'float64'],
  ['f4', 'float32'],
  ['f2', 'float16'],
  ['bfloat16', 'bfloat16'],
  ['i8', 'int64'],
  ['i4', 'int32'],
  ['i2', 'int16'],
  ['i1', 'int8'],
  ['u2', 'uint16'],
  ['u1', 'uint8'],
  ['b1', 'bool'],
])

/** A type of NumPy's: `f4`, `U12`, `O8`. */
interface ArrayType {
  readonly code: string
  readonly bigEndian: boolean
}

/** Text of Python 2 or 3. */
function textOf(value: PickleValue | undefined): string | null {
  if (value instanceof Uint8Array && value.length < 100) return new TextDecoder().decode(value)
  return typeof value === 'string' ? value : null
}

function arrayType(value: PickleValue | undefined): ArrayType | null {
  if (!isInstance(value) || value.type !== 'numpy.dtype') return null
  const [name] = value.parameters
  // Types that do not belong to NumPy have the name of their class: ml_dtypes.bfloat16.
  const code = isGlobal(name) ? name.name.slice(name.name.lastIndexOf('.') + 1) : textOf(name)
  if (code === null) return null
  const order = Array.isArray(value.state) ? textOf(value.state[1]) : null
  return { code: code.replace(/^[<>|=]/, ''), bigEndian: order === '>' || code.startsWith('>') }
}

/** Bytes as Python 3, Python 2 and old protocols write them; null for another value. */
export function bytesOf(value: PickleValue | undefined, budget: Budget): StorageSource | null {
  if (value instanceof Uint8Array) return { size: value.length, read: () => value }
  if (typeof value === 'string') {
    return readOnce({
      size: value.length,
      read() {
        budget.take(value.length, 'bytes written as text')
        const bytes = new Uint8Array(value.length)
        for (let at = 0; at < value.length; at++) {
          const code = value.charCodeAt(at)
          if (code > 0xff)
            throw new CheckpointError('Bytes that are written as text contain characters that are not bytes.', {
              got: `character ${at}`,
            })
          bytes[at] = code
        }
        return bytes
      },
    })
  }
  if (!isInstance(value)) return null
  const [content, encoding] = value.parameters
  // Protocols before 3 have no bytes: _codecs.encode(text, 'latin1').
  const holdsBytes = /^(_codecs\.encode|(builtins|__builtin__)\.(bytes|bytearray))$/.test(value.type)
  if (!holdsBytes || (typeof content === 'string' && encoding !== 'latin1' && encoding !== 'latin-1')) return null
  if (content === undefined) return { size: 0, read: () => new Uint8Array() }
  return isInstance(content) && isInstance(content.parameters[0]) ? null : bytesOf(content, budget)
}

function unreadable(reason: string): Meaning {
  return { what: 'unreadable', reason }
}

function arrayOf(
  type: ArrayType | null,
  shape: readonly number[] | null,
  data: StorageSource | null,
  columnMajor: boolean,
  budget: Budget,
): Meaning {
  if (type === null || shape === null || data === null) return unreadable('an array of NumPy without type, shape or bytes')
  if (/^[US]/.test(type.code) && !type.bigEndian) {
    const texts = shape.length <= 1 ? textsOf(type.code, valueCount(shape), data.read(), budget) : null
    return texts === null ? unreadable('an array of texts') : { what: 'value', value: texts }
  }
  const dtype = types.get(type.code)
  if (dtype === undefined) return unreadable(`an array of NumPy's type ${type.code}`)
  if (type.bigEndian && bytesPerValue[dtype] > 1) return unreadable('an array of big-endian numbers')
  const length = valueCount(shape) * bytesPerValue[dtype]
  if (data.size !== length) {
    throw new CheckpointError('An array of NumPy does not have the bytes that its shape needs.', {
      expected: `${length} bytes: [${shape.join(', ')}] of ${dtype}`,
      got: String(data.size),
    })
  }
  const tensor: PickleTensor = {
    dtype,
    storage: { key: 'array', source: data },
    offset: 0,
    shape,
    strides: columnMajor ? columnMajorStrides(shape) : rowMajorStrides(shape),
    quantization: null,
  }
  return { what: 'tensor', tensor }
}

/** The state of an array: version, shape, type, order, values. The oldest arrays have no version. */
function arrayOfState(state: PickleValue, budget: Budget): Meaning {
  if (!Array.isArray(state) || state.length < 4) return unreadable(`an array of NumPy with the state ${describeValue(state)}`)
  const [shape, type, columnMajor, data] = state.slice(-4)
  if (Array.isArray(data)) {
    // Python objects. A single one, such as the dictionary that numpy.save was given, has no axes.
    return { what: 'value', value: Array.isArray(shape) && shape.length === 0 ? (data[0] ?? null) : data }
  }
  return arrayOf(arrayType(type), readExtents(shape), bytesOf(data, budget), columnMajor === true, budget)
}

/** A number or text of NumPy as a value of Python; null if it is neither. */
function scalarOf(type: ArrayType | null, data: StorageSource | null, budget: Budget): PickleValue {
  if (type === null || data === null || data.size === 0 || data.size > 10_000) return null
  const bytes = data.read()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = Number(type.code.slice(1))
  if (!/^[US]/.test(type.code) && size !== bytes.length) return null
  switch (type.code) {
    case 'f8':
      return view.getFloat64(0, !type.bigEndian)
    case 'f4':
      return view.getFloat32(0, !type.bigEndian)
    case 'i8':
    case 'u8': {
      const value = type.code === 'i8' ? view.getBigInt64(0, !type.bigEndian) : view.getBigUint64(0, !type.bigEndian)
      return Number.isSafeInteger(Number(value)) ? Number(value) : value
    }
    case 'i4':
      return view.getInt32(0, !type.bigEndian)
    case 'u4':
      return view.getUint32(0, !type.bigEndian)
    case 'i2':
      return view.getInt16(0, !type.bigEndian)
    case 'u2':
      return view.getUint16(0, !type.bigEndian)
    case 'i1':
      return view.getInt8(0)
    case 'u1':
      return view.getUint8(0)
    case 'b1':
      return view.getUint8(0) !== 0
    default:
      return textsOf(type.code, 1, bytes, budget)?.[0] ?? null
  }
}

/** What an object of NumPy stands for; null for another object. */
export function numpyMeaning({ type, parameters, state }: PickleInstance, budget: Budget): Meaning | null {
  if (!type.startsWith('numpy.')) return null
  const [first, second, third, order] = parameters
  switch (type.replace(/^numpy\._core\./, 'numpy.core.')) {
    case 'numpy.core.multiarray._reconstruct':
    case 'numpy.ndarray':
      return arrayOfState(state, budget)
    case 'numpy.core.numeric._frombuffer':
      return arrayOf(arrayType(second), readExtents(third), bytesOf(first, budget), order === 'F', budget)
    case 'numpy.core.multiarray.scalar':
      return { what: 'value', value: scalarOf(arrayType(first), bytesOf(second, budget), budget) }
    default:
      return null
  }
}
