import type { CheckpointContent, StoredTensor } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import type { Budget } from './budget.js'
import type { PickleValue } from './pickle.js'
import { type PytorchContent, type PytorchTensor, storedTensor } from './pytorch-tensors.js'

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

/**
 * The tensors of a state dict, each out of its storage, which is read once.
 * @param root what the pickle holds
 * @param read all bytes of a storage, by its key
 * @throws CheckpointError if there are none, or more than a checkpoint has, or one reaches beyond its storage
 */
export function readStateDict(root: Value, read: (key: string) => Uint8Array, budget: Budget): CheckpointContent {
  const storages = new Map<string, Uint8Array>()
  const tensors = new Map<string, StoredTensor>()
  for (const [name, tensor] of collectTensors(root)) {
    const { key } = tensor.storage
    const storage = storages.get(key) ?? read(key)
    storages.set(key, storage)
    tensors.set(name, storedTensor(name, tensor, storage, budget))
  }
  return { format: 'pytorch', tensors, graph: null, metadata: {} }
}
