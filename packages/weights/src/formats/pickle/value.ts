import type { TensorType } from '../../checkpoint.js'

/** A name that a pickle imports: a function or class of Python. It is never called. */
export interface PickleGlobal {
  readonly kind: 'global'
  readonly name: string
}

/**
 * An object as a pickle describes it: the function or class that creates it, its parameters, and what is added afterwards. Nothing is
 * created, and nothing is called.
 */
export interface PickleInstance {
  readonly kind: 'instance'
  /** The function or class that is called. */
  readonly type: string
  readonly parameters: readonly PickleValue[]
  /** The argument of its `__setstate__`, or its `__dict__`; null if there is none. */
  state: PickleValue
  /** The items of a subclass of a dictionary; null if there are none. */
  items: PickleDictionary | null
  /** The elements of a subclass of a list; null if there are none. */
  elements: PickleValue[] | null
}

/** The bytes of a storage, which are read only if a tensor that uses it is read. */
export interface StorageSource {
  readonly size: number
  read(): Uint8Array
}

/** A row of values outside the pickle. Tensors are views of it. */
export interface PickleStorage {
  readonly kind: 'storage'
  readonly key: string
  /** PyTorch's name of the type: `Float`, `QInt8`. */
  readonly type: string
  /** Null if parameters cannot be of this type. */
  readonly dtype: TensorType | null
  readonly bytesPerValue: number
  /** Number of values. */
  readonly length: number
  /** Null if the file lacks the storage. */
  source: StorageSource | null
}

/** A dictionary of Python, in its order. */
export type PickleDictionary = Map<PickleValue, PickleValue>

/** A value in a pickle. Tuples, lists and sets are arrays. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleGlobal
  | PickleInstance
  | PickleStorage
  | PickleValue[]
  | PickleDictionary

function hasKind(value: PickleValue | undefined, kind: 'global' | 'instance' | 'storage'): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind
}

/** Whether a value is a function or class of Python. */
export function isGlobal(value: PickleValue | undefined): value is PickleGlobal {
  return hasKind(value, 'global')
}

/** Whether a value is an object of a class. */
export function isInstance(value: PickleValue | undefined): value is PickleInstance {
  return hasKind(value, 'instance')
}

/** Whether a value is a storage. */
export function isStorage(value: PickleValue | undefined): value is PickleStorage {
  return hasKind(value, 'storage')
}

/** A value in a few words, for an error. Nested values are not printed, because they may be endless. */
export function describeValue(value: PickleValue | undefined): string {
  if (value === null || value === undefined) return 'none'
  if (typeof value === 'string') return value.slice(0, 40)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'bigint') return 'a large integer'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (value instanceof Map) return `a dictionary of ${value.size}`
  if (value instanceof Uint8Array) return `${value.length} bytes`
  switch (value.kind) {
    case 'global':
      return value.name.slice(0, 100)
    case 'instance':
      return `an object of ${value.type}`
    case 'storage':
      return `a storage of ${value.type}`
    default:
      throw new Error(`unknown kind ${value satisfies never}`)
  }
}
