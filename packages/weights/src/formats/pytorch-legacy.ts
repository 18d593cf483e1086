import { bytesPerValue, type CheckpointContent } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { budgetOf } from './budget.js'
import { type PickleHooks, type PickleValue, unpickle } from './pickle.js'
import { readStateDict } from './pytorch-state-dict.js'
import { type PytorchContent, type PytorchStorage, pytorchHooks } from './pytorch-tensors.js'

/** The version that follows the magic number. */
const protocolVersion = 1001

/** Before each storage stands how many values it has. */
const countLength = 8

/** A MobileNetV2 has 314 storages. */
const mostStorages = 20_000

type Value = PickleValue<PytorchContent>

function refuse(what: string, expected: string, got: string): never {
  throw new CheckpointError(`The file is not one that PyTorch wrote: ${what}.`, { expected, got })
}

/** The hooks of a state dict, which also note each storage by its key. */
function noteStorages(storages: Map<string, PytorchStorage>): PickleHooks<PytorchContent> {
  return {
    ...pytorchHooks,
    persistent(id) {
      // Files of PyTorch before 0.4 end it with a window on another storage, or null.
      const view = Array.isArray(id) ? id[5] : null
      if (view !== null && view !== undefined) refuse('a storage is a window on another', 'storages of their own', 'a view')
      const value = pytorchHooks.persistent(id)
      if (typeof value !== 'object' || value === null || !('kind' in value) || value.kind !== 'object') return value
      const { content } = value
      if (content.what !== 'storage') return value
      const other = storages.get(content.key)
      if (other !== undefined && (other.dtype !== content.dtype || other.length !== content.length)) {
        refuse('one storage is of two kinds', `${other.length} of ${other.dtype}`, `${content.length} of ${content.dtype}`)
      }
      storages.set(content.key, content)
      return value
    },
  }
}

/** The bytes of each storage, which lie one after the other in the order of `keys`, each after its number of values. */
function findStorages(
  bytes: Uint8Array,
  start: number,
  keys: Value,
  storages: ReadonlyMap<string, PytorchStorage>,
): ReadonlyMap<string, Uint8Array> {
  if (!Array.isArray(keys) || keys.length > mostStorages)
    refuse('it lists no storages', `at most ${mostStorages} keys`, typeof keys)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found = new Map<string, Uint8Array>()
  let at = start
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined
    if (storage === undefined)
      return refuse('it lists a storage that no tensor has', 'a key of the pickle', String(key).slice(0, 40))
    const length = storage.length * bytesPerValue[storage.dtype]
    if (!(at + countLength + length <= bytes.length))
      refuse('a storage is cut off', `${length} bytes at offset ${at}`, `${bytes.length} bytes`)
    const count = view.getBigInt64(at, true)
    if (count !== BigInt(storage.length)) refuse('a storage has two lengths', `${storage.length} values`, String(count))
    at += countLength
    found.set(storage.key, bytes.subarray(at, at + length))
    at += length
  }
  return found
}

/**
 * Reads a state dict in the format of `torch.save` before PyTorch 1.6 (`_legacy_save` in `torch/serialization.py`): pickles of the
 * magic number, the version, the machine, the state dict and the storages' keys, then the storages.
 * @throws CheckpointError if the file is damaged, or a pickle asks for anything but tensors in dictionaries
 */
export function readPytorchLegacy(bytes: Uint8Array): CheckpointContent {
  const storages = new Map<string, PytorchStorage>()
  const hooks = noteStorages(storages)
  let at = 0
  const next = (): Value => {
    const { value, end } = unpickle(bytes, hooks, at)
    at = end
    return value
  }
  next()
  const version = next()
  if (version !== protocolVersion) refuse('its version is not known', String(protocolVersion), String(version).slice(0, 40))
  const machine = next()
  if (!(machine instanceof Map) || machine.get('little_endian') !== true) {
    throw new CheckpointError('The file was written on a big-endian machine.', { expected: 'little_endian true' })
  }
  const root = next()
  const keys = next()
  const found = findStorages(bytes, at, keys, storages)
  const read = (key: string): Uint8Array =>
    found.get(key) ?? refuse('a storage is missing', `storage ${key.slice(0, 40)}`, `${found.size} others`)
  return readStateDict(root, read, budgetOf(bytes.length))
}
