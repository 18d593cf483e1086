import { bytesPerValue, type StoredTensor, type TensorType, valueCount } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import type { Budget } from '../budget.js'
import { joinBytes } from '../join-bytes.js'
import { type MessageReader, varints } from '../protobuf.js'

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

/** A kernel has 4 axes. */
const mostAxes = 8

/** Constants of integers one by one are strides and shapes. */
const longestVarints = 2 ** 20

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

/** Whether these are extents of a tensor that is there. */
export function isWhole(shape: readonly number[]): boolean {
  return shape.length <= mostAxes && shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)
}

/** `count` values, of which the last that is given stands for all after it; zeros where none is given. */
function filled(values: Uint8Array, count: number, size: number, name: string, budget: Budget): Uint8Array {
  const length = count * size
  if (values.length >= length || values.length % size !== 0) return values
  budget.take(length, name.slice(0, 100))
  const all = new Uint8Array(length)
  all.set(values)
  if (values.length > 0) {
    const last = values.subarray(values.length - size)
    if (last.some((byte) => byte !== 0)) for (let at = values.length; at < length; at += size) all.set(last, at)
  }
  return all
}

/** Integers as little-endian values of `size` bytes. */
function fixedWidth(packed: Uint8Array, size: number, name: string): Uint8Array {
  if (packed.length > longestVarints) {
    throw new CheckpointError('A constant of the graph is larger than any of a MobileNetV2.', {
      tensor: name.slice(0, 100),
      expected: `at most ${longestVarints} bytes of integers`,
      got: String(packed.length),
    })
  }
  const integers = varints(packed)
  const values = new Uint8Array(integers.length * size)
  const view = new DataView(values.buffer)
  for (const [index, integer] of integers.entries()) {
    if (size === 8) view.setBigInt64(8 * index, BigInt(integer), true)
    else if (size === 4) view.setInt32(4 * index, integer, true)
    else if (size === 2) view.setInt16(2 * index, integer, true)
    else view.setInt8(index, integer)
  }
  return values
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
      tensor: name.slice(0, 100),
      expected: [...types.values()].join(', '),
      got: dtype === null ? `TensorFlow's type ${type}` : 'no shape',
    })
  }
  const size = bytesPerValue[dtype]
  const count = valueCount(shape)
  const join = (parts: readonly Uint8Array[]): Uint8Array => joinBytes(parts, name.slice(0, 100), budget)
  const integers = join(packed)
  const stated = integers.length > 0 ? fixedWidth(integers, size, name) : join(plain)
  const values = filled(stated, isWhole(shape) ? count : 0, size, name, budget)
  if (!isWhole(shape) || values.length !== count * size) {
    throw new CheckpointError('A constant of the graph does not have the bytes that its shape needs.', {
      tensor: name.slice(0, 100),
      expected: `${count * size} bytes: [${shape.slice(0, mostAxes).join(', ')}] of ${dtype}`,
      got: String(values.length),
    })
  }
  return { name, shape, dtype, bytes: values, quantization: null }
}
