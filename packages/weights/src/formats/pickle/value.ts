import type { TensorType } from '../../checkpoint.js'

/** A name that a pickle imports: a function or class of Python, which nothing here ever calls. */
export interface PickleGlobal {
  readonly kind: 'global'
  readonly name: string
}

/**
 * What a pickle says about an object: which function or class makes it, of what, and what is put into it afterwards. Nothing is made and
 * nothing is called.
 */
export interface PickleInstance {
  readonly kind: 'instance'
  /** The function or class that is called. */
  readonly type: string
  readonly parameters: readonly PickleValue[]
  /** What its `__setstate__` or `__dict__` is given; null if nothing is. */
  state: PickleValue
  /** What is set by key, in a subclass of a dictionary; null if nothing is. */
  items: PickleDictionary | null
  /** What is appended, in a subclass of a list; null if nothing is. */
  elements: PickleValue[] | null
}

/** Where the bytes of a storage are; read only when a tensor on it is used. */
export interface StorageSource {
  readonly size: number
  read(): Uint8Array
}

/** A row of values outside of the pickle. Tensors are windows on it. */
export interface PickleStorage {
  readonly kind: 'storage'
  readonly key: string
  /** PyTorch's name of the type: `Float`, `QInt8`. */
  readonly type: string
  /** Null if parameters cannot be of this type. */
  readonly dtype: TensorType | null
  readonly bytesPerValue: number
  /** Values. */
  readonly length: number
  /** Null if the file lacks the storage. */
  source: StorageSource | null
}

/** A dictionary of Python, in its order. */
export type PickleDictionary = Map<PickleValue, PickleValue>

/** What a pickle holds. Tuples, lists and sets are arrays. */
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

/** A value in a few words for an error. It never turns what is nested into text, since that can be without end. */
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
