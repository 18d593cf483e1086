import { bytesPerValue, isShape, type StoredTensor, type TensorType, valueCount } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import type { Budget } from '../budget.js'
import { joinBytes } from '../join-bytes.js'
import { fixedWidth, type MessageReader } from '../protobuf.js'

/** `DataType` in TensorFlow's `types.proto`, of what can hold numbers. */
const types: ReadonlyMap<number, TensorType> = new Map([
  [1, 'float32'],
  [2, 'float64'],
  [3, 'int32'],
  [4, 'uint8'],
  [5, 'int16'],
  [6, 'int8'],
  [9, 'int64'],
  [10, 'bool'],
  [14, 'bfloat16'],
  [17, 'uint16'],
  [19, 'float16'],
])

/** Fields of `TensorProto`. */
const fields = {
  type: 1,
  shape: 2,
  content: 4,
  floats: 5,
  doubles: 6,
  integers: 7,
  longs: 10,
  booleans: 11,
  halves: 13,
} as const

/** The type of a `DataType`; null if it holds no numbers, or numbers that no parameter has. */
export function tensorTypeOf(dataType: number): TensorType | null {
  return types.get(dataType) ?? null
}

/** The extents of a `TensorShapeProto`, -1 where one is open; null if the rank is not known. */
export function readShape(bytes: Uint8Array, readMessage: MessageReader): number[] | null {
  const shape: number[] = []
  let unknownRank = false
  readMessage(bytes, {
    2: (extentMessage) => {
      // protobuf leaves out what is 0.
      let extent = 0
      readMessage(extentMessage.bytes(), {
        1: (value) => {
          extent = value.integer()
        },
      })
      shape.push(extent)
    },
    3: (value) => {
      unknownRank = value.integer() !== 0
    },
  })
  return unknownRank ? null : shape
}

/** `count` values, of which the last that is given stands for all after it; zeros where none is given. */
function filled(values: Uint8Array, count: number, size: number, name: string, budget: Budget): Uint8Array {
  const length = count * size
  if (values.length >= length || values.length % size !== 0) return values
  budget.take(length, name)
  const all = new Uint8Array(length)
  all.set(values)
  if (values.length > 0) {
    const last = values.subarray(values.length - size)
    if (last.some((byte) => byte !== 0)) for (let at = values.length; at < length; at += size) all.set(last, at)
  }
  return all
}

/**
 * Reads a `TensorProto`, whichever of its fields holds the values; a view of the file where they lie in it as they are.
 * @throws CheckpointError if its type holds no numbers, or its values are more than its shape says
 */
export function readTensorProto(bytes: Uint8Array, readMessage: MessageReader, budget: Budget, name: string): StoredTensor {
  let type = 0
  let shape: number[] | null = []
  /** The values that lie as they are, and those that are varints. */
  const plain: Uint8Array[] = []
  const packed: Uint8Array[] = []
  readMessage(bytes, {
    [fields.type]: (value) => {
      type = value.integer()
    },
    [fields.shape]: (value) => {
      shape = readShape(value.bytes(), readMessage)
    },
    [fields.content]: (value) => plain.push(value.bytes()),
    [fields.floats]: (value) => plain.push(value.packed()),
    [fields.doubles]: (value) => plain.push(value.packed()),
    [fields.integers]: (value) => packed.push(value.packed()),
    [fields.longs]: (value) => packed.push(value.packed()),
    [fields.booleans]: (value) => packed.push(value.packed()),
    [fields.halves]: (value) => packed.push(value.packed()),
  })
  const dtype = tensorTypeOf(type)
  if (dtype === null || shape === null) {
    throw new CheckpointError('A constant of the graph has a type that no parameter has.', {
      tensor: name,
      expected: [...types.values()].join(', '),
      got: dtype === null ? `TensorFlow's type ${type}` : 'no shape',
    })
  }
  const size = bytesPerValue[dtype]
  const count = valueCount(shape)
  const join = (parts: readonly Uint8Array[]): Uint8Array => joinBytes(parts, name, budget)
  const integers = join(packed)
  const stated = integers.length > 0 ? fixedWidth(integers, size, budget, name) : join(plain)
  const values = filled(stated, isShape(shape) ? count : 0, size, name, budget)
  if (!isShape(shape) || values.length !== count * size) {
    throw new CheckpointError('A constant of the graph does not have the bytes that its shape needs.', {
      tensor: name,
      expected: `${count * size} bytes: [${shape.slice(0, 8).join(', ')}] of ${dtype}`,
      got: String(values.length),
    })
  }
  return { name, shape, dtype, bytes: values, quantization: null }
}
