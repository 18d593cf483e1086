import { type CheckpointContent, type CheckpointFormat, type PlainValue, type StoredTensor, valueCount } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import { type Budget, bytesPerValue, deepest, longestName } from '../budget.js'
import { type MeaningOf, meanings } from './meaning.js'
import { plainMetadata } from './metadata.js'
import { partsOf } from './parts.js'
import { type Meaning, storedTensor } from './tensor.js'
import { describeValue, isGlobal, isInstance, isStorage, type PickleValue } from './value.js'

/** Records what cannot be read, and why. */
type Note = (path: string, reason: string) => void

/**
 * The name of the pair in which PyTorch packs the weight and bias of a quantised dense layer. In a whole module it is part of the layer's
 * state.
 */
const packedParameters = /(^|\.)_packed_params\._packed_params(\.0)?$/

interface Found {
  readonly path: string
  readonly meaning: Extract<Meaning, { what: 'tensor' }>
}

/** The tensors in a pickle by path, in the order of the file. */
function findTensors(root: PickleValue, meaningOf: MeaningOf, budget: Budget, note: Note): Found[] {
  const found: Found[] = []
  /** Whether a value contains tensors, for values that were visited; null while it is being visited. */
  const seen = new Map<PickleValue, boolean | null>()

  const visitParts = (value: PickleValue, path: string, depth: number): void => {
    const packed = Array.isArray(value) && value.length === 2 && isInstance(value[0]) && packedParameters.test(path)
    for (const [name, part] of partsOf(value, meaningOf)) {
      budget.items(1, 'the values of its pickle')
      if (typeof part !== 'object' || part === null) continue
      const given = packed ? (name === '0' ? 'weight' : 'bias') : name
      const above = packed ? path.replace(packedParameters, '') : path
      if (given === null) visit(part, path, depth + 1)
      else if (above.length + given.length >= longestName) note(above, `its path has over ${longestName} characters`)
      else visit(part, above === '' ? given : `${above}.${given}`, depth + 1)
    }
  }
  const visit = (value: PickleValue, path: string, depth: number): void => {
    if (typeof value !== 'object' || value === null || isGlobal(value) || isStorage(value) || value instanceof Uint8Array) return
    const meaning = isInstance(value) ? meaningOf(value) : null
    budget.take(bytesPerValue + 2 * path.length, 'the paths of its values')
    if (meaning?.what === 'unreadable') {
      note(path, meaning.reason)
      return
    }
    if (meaning?.what === 'tensor') {
      budget.parts(1, 'tensors')
      found.push({ path, meaning })
      return
    }
    if (depth > deepest) {
      note(path, `it lies over ${deepest} values deep`)
      return
    }
    // A value that contains itself, or is shared and has no tensors, is not visited again.
    const before = seen.get(value)
    if (before === null || before === false) return
    seen.set(value, null)
    const { length } = found
    if (meaning?.what === 'value') visit(meaning.value, path, depth + 1)
    else visitParts(value, path, depth)
    seen.set(value, found.length > length)
  }
  visit(root, '', 0)
  return found
}

/** PyTorch's name of the scale of a quantised layer's output. */
const scaleName = /(^|\.)scale$/

/**
 * Drops the scales of activations. In PyTorch's state dicts each quantised layer has a `scale` and a `zero_point` of its output, which are
 * not parameters. Without quantised tensors nothing is dropped.
 */
function withoutActivationScales(tensors: ReadonlyMap<string, StoredTensor>): Map<string, StoredTensor> {
  const kept = new Map(tensors)
  if (![...tensors.values()].some(({ quantization }) => quantization !== null)) return kept
  for (const [name, { shape }] of tensors) {
    const other = name.replace(scaleName, '$1zero_point')
    const zeroPoint = tensors.get(other)
    if (!scaleName.test(name) || zeroPoint === undefined || valueCount(shape) !== 1 || valueCount(zeroPoint.shape) !== 1) continue
    kept.delete(name)
    kept.delete(other)
  }
  return kept
}

/**
 * The content of a pickle as a checkpoint: its tensors by their whole path (keys, indices and attributes, joined by dots), and all else as
 * plain values. Tensors that cannot be read are left out, with the reasons in `metadata.unreadable`.
 * @param readStorage reads the storage in the bytes of a file of torch.save
 * @throws CheckpointError if it has no tensors that can be read, or one of them exceeds its storage
 */
export function pickleContent(
  format: CheckpointFormat,
  root: PickleValue,
  readStorage: (bytes: Uint8Array) => PickleValue,
  budget: Budget,
): CheckpointContent {
  const meaningOf = meanings(budget, readStorage)
  const unreadable = new Map<string, string>()
  const note: Note = (path, reason) => {
    budget.take(2 * bytesPerValue, 'what cannot be read')
    unreadable.set(path, reason)
  }
  const tensors = new Map<string, StoredTensor>()
  for (const { path, meaning } of findTensors(root, meaningOf, budget, note)) {
    if (tensors.has(path)) note(path, 'another tensor before it has this path')
    else tensors.set(path, storedTensor(path, meaning.tensor, budget))
  }
  if (tensors.size === 0) {
    const [first] = unreadable
    throw new CheckpointError('The pickle holds no tensors that can be read.', {
      expected: 'a state dict, a module, or arrays of NumPy',
      got: first === undefined ? `${describeValue(root)} without tensors` : `${first[0]}: ${first[1]}`,
      remedy: 'Save the state dict of the float model: torch.save(model.state_dict(), …).',
    })
  }
  const metadata: Record<string, PlainValue> = plainMetadata(root, meaningOf, budget)
  return {
    format,
    tensors: withoutActivationScales(tensors),
    graph: null,
    metadata: unreadable.size === 0 ? metadata : { ...metadata, unreadable: Object.fromEntries(unreadable) },
  }
}
