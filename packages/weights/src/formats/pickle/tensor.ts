import {
  bytesPerValue,
  isShape,
  mostAxes,
  type Quantization,
  type StoredTensor,
  type TensorType,
  valueCount,
} from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import type { Budget } from '../budget.js'
import { isRowMajor, toRowMajor } from '../pytorch/strides.js'
import type { PickleStorage, PickleValue, StorageSource } from './value.js'

/** A view of a storage, or an array of NumPy. */
export interface PickleTensor {
  readonly dtype: TensorType
  /** The storage with its bytes, which are null if the file lacks them. */
  readonly storage: Pick<PickleStorage, 'key' | 'source'>
  /** Number of values before the first one. Strides are numbers of values too. */
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]
  readonly quantization: Quantization | null
}

/** What an object of NumPy or PyTorch stands for. */
export type Meaning =
  | { readonly what: 'tensor'; readonly tensor: PickleTensor }
  | { readonly what: 'unreadable'; readonly reason: string }
  /** It stands for another value: a parameter for its tensor, a scalar for its number. */
  | { readonly what: 'value'; readonly value: PickleValue }

/** The extents or strides of a tensor; null if the value is neither. */
export function readExtents(value: PickleValue | undefined): number[] | null {
  if (!Array.isArray(value) || value.length > mostAxes) return null
  const extents = value.map((extent) => (typeof extent === 'number' ? extent : Number.NaN))
  return isShape(extents) ? extents : null
}

/** A source whose bytes are read at most once. */
export function readOnce(source: StorageSource): StorageSource {
  let bytes: Uint8Array | null = null
  return {
    size: source.size,
    read() {
      bytes ??= source.read()
      return bytes
    },
  }
}

/**
 * A tensor's values in row-major order, which are read when they are first used: a view if they have that order, else a copy that spends
 * bytes of `budget`.
 * @throws CheckpointError if the storage is not in the file, or the tensor exceeds it
 */
export function storedTensor(name: string, tensor: PickleTensor, budget: Budget): StoredTensor {
  const { shape, strides, offset, dtype, storage, quantization } = tensor
  const { source } = storage
  if (source === null) {
    throw new CheckpointError('The storage of a tensor is not in the file.', {
      tensor: name,
      expected: `storage ${storage.key}`,
    })
  }
  const size = bytesPerValue[dtype]
  const length = Math.floor(source.size / size)
  const count = valueCount(shape)
  const last = count === 0 ? -1 : shape.reduce((sum, extent, axis) => sum + (extent - 1) * strides[axis]!, 0)
  if (!(offset + last < length)) {
    throw new CheckpointError('A tensor exceeds its storage.', {
      tensor: name,
      expected: `at most ${length} values of ${dtype}`,
      got: `shape [${shape.join(', ')}], strides [${strides.join(', ')}], offset ${offset}`,
    })
  }
  const values = (): Uint8Array => {
    const bytes = source.read().subarray(offset * size)
    if (isRowMajor(shape, strides)) return bytes.subarray(0, count * size)
    budget.take(count * size, name)
    return toRowMajor(bytes, shape, strides, size)
  }
  let bytes: Uint8Array | null = null
  return {
    name,
    shape,
    dtype,
    quantization,
    get bytes() {
      bytes ??= values()
      return bytes
    },
  }
}
