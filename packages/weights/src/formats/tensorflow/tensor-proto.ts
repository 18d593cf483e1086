import { bytesPerValue, isShape, type StoredTensor, type TensorType, valueCount } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import type { Budget } from '../budget.js'
import { joinBytes } from '../join-bytes.js'
import { type FieldValue, fixedWidth, type MessageReader } from '../protobuf.js'

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

/** The types of numbers by `DataType` of TensorFlow's `types.proto`, and the field in which single values are written. */
const types: ReadonlyMap<number, readonly [type: TensorType, field: number]> = new Map([
  [1, ['float32', fields.floats]],
  [2, ['float64', fields.doubles]],
  [3, ['int32', fields.integers]],
  [4, ['uint8', fields.integers]],
  [5, ['int16', fields.integers]],
  [6, ['int8', fields.integers]],
  [9, ['int64', fields.longs]],
  [10, ['bool', fields.booleans]],
  [14, ['bfloat16', fields.halves]],
  [17, ['uint16', fields.integers]],
  [19, ['float16', fields.halves]],
])

/** Fields whose values are stored as they are. The others have varints. */
const plainFields: readonly number[] = [fields.floats, fields.doubles]

const valueFields: readonly number[] = [...new Set([...types.values()].map(([, field]) => field))]

/** The type of a `DataType`; null if no parameter can have it. */
export function tensorTypeOf(dataType: number): TensorType | null {
  return types.get(dataType)?.[0] ?? null
}

/** The extents of a `TensorShapeProto`, with -1 for an open one; null if the rank is not known. */
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

/** `count` values. The last one that is given is repeated; if none is given, they are zeros. */
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
 * Reads a `TensorProto`. Its values are bytes, which become a view of the file, or single values, the last of which is repeated.
 * @throws CheckpointError if it has no numbers, more or fewer values than its shape needs, or values in another field than that of its type
 */
export function readTensorProto(bytes: Uint8Array, readMessage: MessageReader, budget: Budget, name: string): StoredTensor {
  let type = 0
  let shape: number[] | null = []
  let content = new Uint8Array()
  const given = new Map<number, Uint8Array[]>()
  const keep = (field: number) => (value: FieldValue) => {
    const packed = value.packed()
    const parts = given.get(field)
    if (parts !== undefined) parts.push(packed)
    else if (packed.length > 0) given.set(field, [packed])
  }
  readMessage(bytes, {
    [fields.type]: (value) => {
      type = value.integer()
    },
    [fields.shape]: (value) => {
      shape = readShape(value.bytes(), readMessage)
    },
    [fields.content]: (value) => {
      content = value.bytes() as Uint8Array<ArrayBuffer>
    },
    ...Object.fromEntries(valueFields.map((field) => [field, keep(field)])),
  })
  const dtype = tensorTypeOf(type)
  if (dtype === null || shape === null) {
    throw new CheckpointError('A constant of the graph has a type that no parameter has.', {
      tensor: name,
      expected: [...types.values()].map(([known]) => known).join(', '),
      got: dtype === null ? `TensorFlow's type ${type}` : 'no shape',
    })
  }
  const [, own] = types.get(type)!
  const other = [...given.keys()].find((field) => field !== own || content.length > 0)
  if (other !== undefined) {
    throw new CheckpointError('A constant of the graph has values in another place than its type says.', {
      tensor: name,
      expected: `${dtype} in tensor_content alone, or in field ${own} alone`,
      got: `values in field ${other}`,
    })
  }
  const size = bytesPerValue[dtype]
  const count = valueCount(shape)
  const listed = joinBytes(given.get(own) ?? [], name, budget)
  const stated = plainFields.includes(own) ? listed : fixedWidth(listed, size, budget, name)
  const values = content.length > 0 ? content : filled(stated, isShape(shape) ? count : 0, size, name, budget)
  if (!isShape(shape) || values.length !== count * size) {
    throw new CheckpointError('A constant of the graph does not have the bytes that its shape needs.', {
      tensor: name,
      expected: `${count * size} bytes: [${shape.slice(0, 8).join(', ')}] of ${dtype}`,
      got: String(values.length),
    })
  }
  return { name, shape, dtype, bytes: values, quantization: null }
}
