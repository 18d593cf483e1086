import type { CheckpointContent } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import type { Budget } from '../budget.js'
import { pickleContent } from '../pickle/content.js'
import { unpickle } from '../pickle/unpickle.js'
import { describeValue, isStorage, type PickleStorage, type PickleValue } from '../pickle/value.js'
import { persistentValue } from './tensors.js'

/** The number with which a file of PyTorch before 1.6 begins. */
const magicNumber = 0x1950a86a20f9469cfc6cn

/** The version that follows the magic number. */
const protocolVersion = 1001

/** Bytes before each storage, which state its number of values. */
const countLength = 8

function refuse(what: string, expected: string, got: string): never {
  throw new CheckpointError(`The file was not written by PyTorch: ${what}.`, { expected, got })
}

/** Whether the value of a pickle is the number with which files of PyTorch before 1.6 begin. */
export function isMagicNumber(value: PickleValue): boolean {
  return value === magicNumber
}

/** Makes one storage for each key, and adds it to `storages`. */
function noteStorages(storages: Map<string, PickleStorage>): (id: PickleValue) => PickleValue {
  return (id) => {
    // Files of PyTorch before 0.4 end the id with a view of another storage, or null.
    const view = Array.isArray(id) ? id[5] : null
    if (view !== null && view !== undefined) refuse('a storage is a view of another storage', 'storages of their own', 'a view')
    const value = persistentValue(id)
    if (!isStorage(value)) return value
    const other = storages.get(value.key)
    if (other === undefined) storages.set(value.key, value)
    else if (other.type !== value.type || other.length !== value.length) {
      refuse('one storage is of two kinds', `${other.length} of ${other.type}`, `${value.length} of ${value.type}`)
    }
    return other ?? value
  }
}

/** Finds the bytes of each storage. The storages are in the order of `keys`, each after its number of values. */
function findStorages(bytes: Uint8Array, start: number, keys: PickleValue, storages: ReadonlyMap<string, PickleStorage>): void {
  if (!Array.isArray(keys)) refuse('it lists no storages', 'a list of keys', describeValue(keys))
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = start
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined
    if (storage === undefined) refuse('it lists a storage that no tensor has', 'a key of the pickle', describeValue(key))
    const size = storage.length * storage.bytesPerValue
    if (!(at + countLength + size <= bytes.length))
      refuse('a storage is cut off', `${size} bytes at offset ${at}`, `${bytes.length} bytes`)
    const count = view.getBigInt64(at, true)
    if (count !== BigInt(storage.length)) refuse('a storage has two lengths', `${storage.length} values`, String(count))
    const content = bytes.subarray(at + countLength, at + countLength + size)
    storage.source = { size, read: () => content }
    at += countLength + size
  }
}

/** The value in a file of PyTorch before 1.6, with its storages. */
function readValue(bytes: Uint8Array, budget: Budget): PickleValue {
  const storages = new Map<string, PickleStorage>()
  const persistent = noteStorages(storages)
  let at = 0
  const next = (): PickleValue => {
    const { value, end } = unpickle(bytes, budget, persistent, at)
    at = end
    return value
  }
  if (!isMagicNumber(next())) refuse('it does not start with its number', String(magicNumber), 'another')
  const version = next()
  if (version !== protocolVersion) refuse('its version is not known', String(protocolVersion), describeValue(version))
  const machine = next()
  if (!(machine instanceof Map) || machine.get('little_endian') !== true) {
    throw new CheckpointError('The file was written on a big-endian machine.', { expected: 'little_endian true' })
  }
  const root = next()
  const keys = next()
  findStorages(bytes, at, keys, storages)
  return root
}

/**
 * Reads the storage in the bytes of a file of PyTorch before 1.6. A pickle of tensors that was made without `torch.save` contains
 * such a file for each tensor. The same bytes are read once.
 */
export function readStorageFile(budget: Budget): (bytes: Uint8Array) => PickleValue {
  const known = new Map<Uint8Array, PickleValue>()
  return (bytes) => {
    if (!known.has(bytes)) known.set(bytes, readValue(bytes, budget))
    return known.get(bytes) ?? null
  }
}

/**
 * Reads the format of `torch.save` before PyTorch 1.6 (`_legacy_save` in `torch/serialization.py`): pickles of the magic number, the
 * version, the machine, the saved value and the keys of the storages, and then the storages.
 * @throws CheckpointError if the file is damaged, or holds no tensors
 */
export function readPytorchLegacy(bytes: Uint8Array, budget: Budget): CheckpointContent {
  return pickleContent('pytorch', readValue(bytes, budget), readStorageFile(budget), budget)
}
