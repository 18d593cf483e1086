import { bytesPerValue, type StoredTensor, type TensorType, valueCount } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import type { Budget } from './budget.js'
import type { PickleHooks, PickleObject, PickleValue } from './pickle.js'

/** Values of one type in a row, which tensors are windows on. */
export interface PytorchStorage {
  readonly what: 'storage'
  readonly key: string
  readonly dtype: TensorType
  /** Values. */
  readonly length: number
}

/** A window on a storage. */
export interface PytorchTensor {
  readonly what: 'tensor'
  readonly storage: PytorchStorage
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]
}

/** What the pickle of a state dict holds beside Python's own values. */
export type PytorchContent = PytorchStorage | PytorchTensor

type Value = PickleValue<PytorchContent>

const storageTypes: ReadonlyMap<string, TensorType> = new Map([
  ['torch.DoubleStorage', 'float64'],
  ['torch.FloatStorage', 'float32'],
  ['torch.HalfStorage', 'float16'],
  ['torch.BFloat16Storage', 'bfloat16'],
  ['torch.LongStorage', 'int64'],
  ['torch.IntStorage', 'int32'],
  ['torch.ShortStorage', 'int16'],
  ['torch.CharStorage', 'int8'],
  ['torch.ByteStorage', 'uint8'],
  ['torch.BoolStorage', 'bool'],
])

const orderedDictionary = 'collections.OrderedDict'
const rebuildTensor = 'torch._utils._rebuild_tensor_v2'
const rebuildParameter = 'torch._utils._rebuild_parameter'

/** A kernel has 4 axes; no tensor of PyTorch's models has more than 5. */
const mostAxes = 8

function damaged(got: string): never {
  throw new CheckpointError('The pickle describes a tensor that cannot be.', { got })
}

function isObject(value: Value | undefined): value is PickleObject<PytorchContent> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'object'
}

function counts(value: Value | undefined, what: string): number[] {
  if (!Array.isArray(value) || value.length > mostAxes) return damaged(what)
  return value.map((extent) => (typeof extent === 'number' && Number.isSafeInteger(extent) && extent >= 0 ? extent : damaged(what)))
}

function tensorOf([storage, offset, shape, strides]: readonly Value[]): Value {
  if (!isObject(storage) || storage.content.what !== 'storage') return damaged('a tensor without a storage')
  const [from] = counts([offset ?? null], 'its offset')
  const content = {
    what: 'tensor',
    storage: storage.content,
    offset: from!,
    shape: counts(shape, 'its shape'),
    strides: counts(strides, 'its strides'),
  } as const
  if (content.shape.length !== content.strides.length) damaged('a shape and strides of two lengths')
  return { kind: 'object', content }
}

/** What a state dict's pickle may name, and what comes of calling it. */
export const pytorchHooks: PickleHooks<PytorchContent> = {
  allows: (name) => storageTypes.has(name) || name === orderedDictionary || name === rebuildTensor || name === rebuildParameter,
  call(name, parameters) {
    if (name === orderedDictionary && parameters.length === 0) return new Map()
    if (name === rebuildTensor) return tensorOf(parameters)
    const [parameter] = parameters
    if (name === rebuildParameter && isObject(parameter)) return parameter
    return damaged(`a call of ${name}`)
  },
  persistent(id) {
    const [tag, type, key, , length] = Array.isArray(id) ? id : []
    const dtype =
      typeof type === 'object' && type !== null && 'kind' in type && type.kind === 'global'
        ? storageTypes.get(type.name)
        : undefined
    if (
      tag !== 'storage' ||
      dtype === undefined ||
      typeof key !== 'string' ||
      typeof length !== 'number' ||
      !Number.isSafeInteger(length) ||
      length < 0
    ) {
      return damaged('a storage without type, key or length')
    }
    return { kind: 'object', content: { what: 'storage', key, dtype, length } }
  },
}

/** Whether the values lie one after the other in row-major order. */
function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== step) return false
    step *= shape[axis]!
  }
  return true
}

/** Copies the values of a tensor with other strides into row-major order. */
function gather({ shape, strides }: PytorchTensor, source: Uint8Array, size: number, count: number): Uint8Array {
  const bytes = new Uint8Array(count * size)
  for (let index = 0; index < count; index++) {
    let rest = index
    let from = 0
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += (rest % shape[axis]!) * strides[axis]!
      rest = Math.floor(rest / shape[axis]!)
    }
    bytes.set(source.subarray(from * size, (from + 1) * size), index * size)
  }
  return bytes
}

/**
 * A tensor's values out of its storage, in row-major order: a view where they lie so, else a copy out of `budget`.
 * @param storage all bytes of the tensor's storage
 * @throws CheckpointError if the tensor reaches beyond its storage, or has more values than that
 */
export function storedTensor(name: string, tensor: PytorchTensor, storage: Uint8Array, budget: Budget): StoredTensor {
  const { shape, strides, offset } = tensor
  const { dtype, length } = tensor.storage
  const size = bytesPerValue[dtype]
  const count = valueCount(shape)
  const last = count === 0 ? -1 : shape.reduce((sum, extent, axis) => sum + (extent - 1) * strides[axis]!, 0)
  if (!(offset + last < length && count <= length && length * size <= storage.length)) {
    throw new CheckpointError('A tensor reaches beyond its storage.', {
      tensor: name,
      expected: `at most ${Math.min(length, Math.floor(storage.length / size))} values of ${dtype}`,
      got: `shape [${shape.join(', ')}], strides [${strides.join(', ')}], offset ${offset}`,
    })
  }
  const from = storage.subarray(offset * size, length * size)
  if (isContiguous(shape, strides)) return { name, shape, dtype, bytes: from.subarray(0, count * size), quantization: null }
  budget.take(count * size, name)
  return { name, shape, dtype, bytes: gather(tensor, from, size, count), quantization: null }
}
