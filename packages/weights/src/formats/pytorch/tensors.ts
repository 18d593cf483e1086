import { type Quantization, type TensorType, valueCount } from '../../checkpoint.js'
import type { Budget } from '../budget.js'
import { bytesOf } from '../pickle/numpy.js'
import { type Meaning, type PickleTensor, readExtents, storedTensor } from '../pickle/tensor.js'
import {
  describeValue,
  isGlobal,
  isInstance,
  isStorage,
  type PickleInstance,
  type PickleStorage,
  type PickleValue,
} from '../pickle/value.js'

/** PyTorch's types by the names of their storages. The type is null if no parameter can have it; its bytes are needed nevertheless. */
const storageTypes: ReadonlyMap<string, readonly [dtype: TensorType | null, bytesPerValue: number]> = new Map([
  ['Double', ['float64', 8]],
  ['Float', ['float32', 4]],
  ['Half', ['float16', 2]],
  ['BFloat16', ['bfloat16', 2]],
  ['Long', ['int64', 8]],
  ['Int', ['int32', 4]],
  ['Short', ['int16', 2]],
  ['Char', ['int8', 1]],
  ['Byte', ['uint8', 1]],
  ['Bool', ['bool', 1]],
  ['Untyped', ['uint8', 1]],
  ['QInt8', ['int8', 1]],
  ['QUInt8', ['uint8', 1]],
  ['QInt32', ['int32', 4]],
  ['ComplexFloat', [null, 8]],
  ['ComplexDouble', [null, 16]],
  ['QUInt4x2', [null, 1]],
  ['QUInt2x4', [null, 1]],
])

/** PyTorch's types by their own names, for tensors whose storage has no type. */
const tensorTypes: ReadonlyMap<string, TensorType> = new Map([
  ['torch.float64', 'float64'],
  ['torch.float32', 'float32'],
  ['torch.float16', 'float16'],
  ['torch.bfloat16', 'bfloat16'],
  ['torch.int64', 'int64'],
  ['torch.int32', 'int32'],
  ['torch.int16', 'int16'],
  ['torch.int8', 'int8'],
  ['torch.uint16', 'uint16'],
  ['torch.uint8', 'uint8'],
  ['torch.bool', 'bool'],
])

const storageName = /^torch\.(?:cuda\.|storage\.)?(\w+)Storage$/

/**
 * The value of a persistent id of PyTorch. It is a storage, whose bytes are not known yet, or the class of a module: old files of whole
 * modules have the source code of the classes. Null if it is neither.
 */
export function persistentValue(id: PickleValue): PickleValue {
  const [tag, type, key, , length] = Array.isArray(id) ? id : []
  if (tag === 'module' && isGlobal(type)) return type
  if (tag !== 'storage' || !isGlobal(type) || typeof key !== 'string') return null
  const [, name = ''] = storageName.exec(type.name) ?? []
  const known = storageTypes.get(name)
  if (known === undefined || typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0) return null
  return { kind: 'storage', key, type: name, dtype: known[0], bytesPerValue: known[1], length, source: null }
}

/** What is needed to understand the objects of a PyTorch pickle. */
export interface PytorchContext {
  readonly budget: Budget
  /** What an object among the parameters of another object stands for. The depth of nesting is limited. */
  meaningOf(instance: PickleInstance): Meaning | null
  /** Reads the storage in the bytes of a file of torch.save inside a pickle. */
  readStorage(bytes: Uint8Array): PickleValue
}

function unreadable(reason: string): Meaning {
  return { what: 'unreadable', reason }
}

function storageOf(value: PickleValue | undefined, { budget, readStorage }: PytorchContext): PickleStorage | null {
  if (isStorage(value)) return value
  if (!isInstance(value) || value.type !== 'torch.storage._load_from_bytes') return null
  const bytes = bytesOf(value.parameters[0], budget)
  const storage = bytes === null ? null : readStorage(bytes.read())
  return isStorage(storage) ? storage : null
}

/** The bytes of a storage, no more than the pickle states. */
function sourceOf({ key, source, length, bytesPerValue }: PickleStorage): PickleTensor['storage'] {
  if (source === null || source.size <= length * bytesPerValue)
    return { key, source: source !== null && source.size < length * bytesPerValue ? null : source }
  return { key, source: { size: length * bytesPerValue, read: () => source.read().subarray(0, length * bytesPerValue) } }
}

function tensorOn(
  storage: PickleStorage | null,
  dtype: TensorType | null,
  [offset, shape, strides]: readonly PickleValue[],
  quantization: Quantization | null = null,
): Meaning {
  if (storage === null) return unreadable('a tensor without a storage that is known')
  if (dtype === null) return unreadable(`a tensor of ${storage.type}`)
  const extents = readExtents(shape)
  const steps = readExtents(strides)
  const from = readExtents([offset ?? null])
  if (extents === null || steps === null || from === null || extents.length !== steps.length) {
    return unreadable('a tensor without shape, strides or offset')
  }
  return {
    what: 'tensor',
    tensor: { dtype, storage: sourceOf(storage), offset: from[0]!, shape: extents, strides: steps, quantization },
  }
}

/** The numbers of a small tensor of scales. */
function numbersOf(value: PickleValue | undefined, { budget, meaningOf }: PytorchContext): number[] | null {
  const meaning = isInstance(value) ? meaningOf(value) : null
  if (meaning?.what !== 'tensor') return null
  budget.take(8 * valueCount(meaning.tensor.shape), 'the scales of its tensors')
  const { bytes, dtype } = storedTensor('scales', meaning.tensor, budget)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  switch (dtype) {
    case 'float64':
      return Array.from({ length: bytes.length / 8 }, (_, index) => view.getFloat64(8 * index, true))
    case 'float32':
      return Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(4 * index, true))
    case 'int64':
      return Array.from({ length: bytes.length / 8 }, (_, index) => Number(view.getBigInt64(8 * index, true)))
    case 'int32':
      return Array.from({ length: bytes.length / 4 }, (_, index) => view.getInt32(4 * index, true))
    default:
      return null
  }
}

/** The scales and zero points of a quantised tensor: (scheme, scale, zero point), or (scheme, scales, zero points, axis). */
function quantizationOf(quantizer: PickleValue | undefined, context: PytorchContext): Quantization | null {
  const [scheme, scale, zeroPoint, axis] = Array.isArray(quantizer) ? quantizer : []
  if (!isGlobal(scheme)) return null
  if (scheme.name === 'torch.per_tensor_affine' && typeof scale === 'number' && typeof zeroPoint === 'number') {
    return { scales: [scale], zeroPoints: [zeroPoint], axis: 0 }
  }
  const scales = numbersOf(scale, context)
  const zeroPoints = numbersOf(zeroPoint, context)
  const perChannel = scheme.name === 'torch.per_channel_affine' && scales !== null && zeroPoints?.length === scales.length
  return perChannel && typeof axis === 'number' ? { scales, zeroPoints, axis } : null
}

/** The value of an object that only wraps it. */
function wrapped(value: PickleValue | undefined): Meaning {
  return value === undefined ? unreadable('a tensor without content') : { what: 'value', value }
}

const listBuilder = /^torch\.jit\._pickle\.(build_\w+|restore_type_tag)$/

/** What an object of PyTorch stands for; null if it is not known. */
export function pytorchMeaning(
  { type, parameters, state, items, elements }: PickleInstance,
  context: PytorchContext,
): Meaning | null {
  const [first, second, third, fourth, fifth, , seventh] = parameters
  switch (type) {
    case 'torch._utils._rebuild_tensor':
    case 'torch._utils._rebuild_tensor_v2': {
      const storage = storageOf(first, context)
      return tensorOn(storage, storage?.dtype ?? null, parameters.slice(1, 4))
    }
    case 'torch._utils._rebuild_tensor_v3': {
      const dtype = isGlobal(seventh) ? tensorTypes.get(seventh.name) : undefined
      if (dtype === undefined) return unreadable(`a tensor of ${describeValue(seventh)}`)
      return tensorOn(storageOf(first, context), dtype, parameters.slice(1, 4))
    }
    case 'torch._utils._rebuild_qtensor': {
      const quantization = quantizationOf(fifth, context)
      const storage = storageOf(first, context)
      if (quantization === null) return unreadable('a quantised tensor without scales that are known')
      return tensorOn(storage, storage?.dtype ?? null, parameters.slice(1, 4), quantization)
    }
    case 'torch._utils._rebuild_parameter':
    case 'torch._utils._rebuild_parameter_with_state':
    case 'torch._utils._rebuild_device_tensor_from_numpy':
    case 'torch._utils._rebuild_device_tensor_from_cpu_tensor':
    case 'torch._utils._rebuild_xla_tensor':
    case 'torch._utils._rebuild_mlc_tensor':
      return wrapped(first)
    case 'torch.nn.parameter.Parameter':
    case 'torch.nn.parameter.Buffer':
      return first === undefined ? null : wrapped(first)
    case 'torch._tensor._rebuild_from_type':
    case 'torch._tensor._rebuild_from_type_v2':
    case 'torch.tensor._rebuild_from_type': {
      if (!isGlobal(first) || !Array.isArray(third)) return unreadable(`a tensor of ${describeValue(second)}`)
      const { name } = first
      return wrapped({ kind: 'instance', type: name, parameters: third, state: fourth ?? null, items, elements })
    }
    default:
      if (listBuilder.test(type) && state === null) return wrapped(first)
      return type.startsWith('torch._utils._rebuild_')
        ? unreadable(`a tensor made by ${type.slice('torch._utils.'.length, 100)}`)
        : null
  }
}
