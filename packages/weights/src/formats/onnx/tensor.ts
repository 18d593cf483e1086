import { bytesPerValue, isShape, type StoredTensor, type TensorType, valueCount } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import type { Budget } from '../budget.js'
import { joinBytes } from '../join-bytes.js'
import { fixedWidth, type MessageReader } from '../protobuf.js'
import { readTextEntry } from './text-entry.js'

/** Fields of `TensorProto` in `onnx.proto`. */
const fields = {
  extents: 1,
  type: 2,
  floats: 4,
  int32s: 5,
  int64s: 7,
  name: 8,
  raw: 9,
  doubles: 10,
  external: 13,
  location: 14,
} as const

/** `TensorProto.DataType`. */
const types: ReadonlyMap<number, TensorType> = new Map([
  [1, 'float32'],
  [2, 'uint8'],
  [3, 'int8'],
  [4, 'uint16'],
  [5, 'int16'],
  [6, 'int32'],
  [7, 'int64'],
  [9, 'bool'],
  [10, 'float16'],
  [11, 'float64'],
  [16, 'bfloat16'],
])

/** `TensorProto.DataLocation` of a tensor whose values are in another file. */
const external = 1

/** A tensor whose values are in another file, from `offset` on. */
export interface ExternalTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: TensorType
  readonly location: string
  readonly offset: number
  /** Bytes that the shape needs. */
  readonly length: number
}

/**
 * Reads a `TensorProto`, whichever of its fields has the values. The result is a view of the file if possible. For values in another file
 * it gives their location.
 * @throws CheckpointError if no parameter can have their type, or there are more or fewer than the shape says
 */
export function readTensor(
  bytes: Uint8Array,
  readMessage: MessageReader,
  budget: Budget,
  otherName: string,
): StoredTensor | ExternalTensor {
  const shape: number[] = []
  let [type, name, location] = [0, '', 0]
  const elsewhere = new Map<string, string>()
  const raw: Uint8Array[] = []
  const packed: Uint8Array[] = []
  const varints: Uint8Array[] = []
  readMessage(bytes, {
    [fields.extents]: (value) => value.integers(shape),
    [fields.type]: (value) => {
      type = value.integer()
    },
    [fields.name]: (value) => {
      name = value.name()
    },
    [fields.location]: (value) => {
      location = value.integer()
    },
    [fields.external]: (entry) => {
      const [key, text] = readTextEntry(entry.bytes(), readMessage)
      elsewhere.set(key, text)
    },
    [fields.raw]: (value) => raw.push(value.bytes()),
    [fields.floats]: (value) => packed.push(value.packed()),
    [fields.doubles]: (value) => packed.push(value.packed()),
    [fields.int32s]: (value) => varints.push(value.packed()),
    [fields.int64s]: (value) => varints.push(value.packed()),
  })
  const tensor = name === '' ? otherName : name
  const dtype = types.get(type)
  if (dtype === undefined) {
    const expected = [...types.values()].join(', ')
    throw new CheckpointError('A tensor has a type that no parameter has.', { tensor, expected, got: `type ${type}` })
  }
  const count = valueCount(shape)
  const length = count * bytesPerValue[dtype]
  const whole = isShape(shape)
  if (location === external && whole && Number.isSafeInteger(length)) {
    const [offset, stated] = [Number(elsewhere.get('offset') ?? 0), Number(elsewhere.get('length') ?? length)]
    if (!(Number.isSafeInteger(offset) && offset >= 0) || stated !== length) {
      throw new CheckpointError('A tensor does not have the bytes that its shape needs.', {
        tensor,
        expected: `${length} bytes: [${shape.join(', ')}] of ${dtype}`,
        got: `${stated} bytes from ${offset}`,
      })
    }
    return { name: tensor, shape, dtype, location: elsewhere.get('location') ?? '', offset, length }
  }
  const inRaw = raw.length > 0
  const inVarints = varints.length > 0 && dtype !== 'float32' && dtype !== 'float64'
  const values = inRaw
    ? joinBytes(raw, tensor, budget)
    : inVarints
      ? fixedWidth(joinBytes(varints, tensor, budget), bytesPerValue[dtype], budget, tensor)
      : joinBytes(packed, tensor, budget)
  if (!whole || values.length !== length) {
    throw new CheckpointError('A tensor does not have the bytes that its shape needs.', {
      tensor,
      expected: `${length} bytes: [${shape.slice(0, 8).join(', ')}] of ${dtype}`,
      got: String(values.length),
    })
  }
  return { name: tensor, shape, dtype, bytes: values, quantization: null }
}
