import type { CheckpointContent, StoredTensor } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import type { Budget } from './budget.js'
import { type PickleValue, unpickle } from './pickle.js'
import { type PytorchContent, type PytorchTensor, pytorchHooks, storedTensor } from './pytorch-tensors.js'
import type { ZipEntry } from './zip.js'

/** A MobileNetV2 has 314 tensors; a training checkpoint with its optimizer a few times as many. */
const mostValues = 20_000

/** Dictionaries in dictionaries: a state dict under a key of a checkpoint under a key. */
const deepest = 8

/** The key under which training loops save the state dict beside optimizer and epoch. */
const wrappingKey = 'state_dict'

type Value = PickleValue<PytorchContent>

/** All tensors in nested dictionaries, by the path of their keys; other values are left out. */
function collectTensors(root: Value): Map<string, PytorchTensor> {
  const tensors = new Map<string, PytorchTensor>()
  let visited = 0
  const visit = (value: Value, path: string, depth: number): void => {
    visited += 1
    if (visited > mostValues || depth > deepest) {
      throw new CheckpointError('The pickle holds more than a state dict.', {
        expected: `at most ${mostValues} values, ${deepest} dictionaries deep`,
        got: path,
      })
    }
    if (value instanceof Map) {
      for (const [key, child] of value) {
        if (typeof key === 'string' || typeof key === 'number')
          visit(child, path === '' ? String(key) : `${path}.${key}`, depth + 1)
      }
    } else if (
      value !== null &&
      typeof value === 'object' &&
      'kind' in value &&
      value.kind === 'object' &&
      value.content.what === 'tensor'
    ) {
      tensors.set(path, value.content)
    }
  }
  const wrapped = root instanceof Map ? root.get(wrappingKey) : undefined
  if (wrapped instanceof Map) visit(wrapped, wrappingKey, 1)
  else visit(root, '', 0)
  if (tensors.size === 0) throw new CheckpointError('The pickle holds no tensors.', { expected: 'a state dict', got: 'none' })
  return tensors
}

/** Each tensor out of its storage, which is read once. */
function resolve(
  tensors: ReadonlyMap<string, PytorchTensor>,
  read: (key: string) => Uint8Array,
  budget: Budget,
): Map<string, StoredTensor> {
  const storages = new Map<string, Uint8Array>()
  const resolved = new Map<string, StoredTensor>()
  for (const [name, tensor] of tensors) {
    const { key } = tensor.storage
    const storage = storages.get(key) ?? read(key)
    storages.set(key, storage)
    resolved.set(name, storedTensor(name, tensor, storage, budget))
  }
  return resolved
}

/** `<archive>/data.pkl` holds the state dict, `<archive>/data/<key>` the storages. */
const pickleName = /^(?:.*\/)?data\.pkl$/

/**
 * Reads a state dict that `torch.save` wrote as a zip (the format since PyTorch 1.6).
 * @throws CheckpointError where the file is damaged, or its pickle asks for anything but tensors in dictionaries
 */
export function readPytorchZip(entries: ReadonlyMap<string, ZipEntry>, budget: Budget): CheckpointContent {
  const pickle = [...entries.values()].find(({ name }) => pickleName.test(name))
  if (pickle === undefined) throw new CheckpointError('The zip is not one that PyTorch wrote.', { expected: 'an entry data.pkl' })
  const folder = pickle.name.slice(0, -'data.pkl'.length)
  const order = entries.get(`${folder}byteorder`)
  if (order !== undefined && new TextDecoder().decode(order.read()) !== 'little') {
    throw new CheckpointError('The file was written on a big-endian machine.', { expected: 'byteorder little' })
  }
  const { value } = unpickle(pickle.read(), pytorchHooks)
  const read = (key: string): Uint8Array => {
    const entry = entries.get(`${folder}data/${key}`)
    if (entry === undefined) throw new CheckpointError('A storage is missing from the zip.', { expected: `${folder}data/${key}` })
    return entry.read()
  }
  return { format: 'pytorch', tensors: resolve(collectTensors(value), read, budget), graph: null, labels: null, metadata: {} }
}
