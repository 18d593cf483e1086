import { type CheckpointContent, type CheckpointFormat, type PlainValue, type StoredTensor, valueCount } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import type { Budget } from '../budget.js'
import { type MeaningOf, meanings } from './meaning.js'
import { plainMetadata } from './metadata.js'
import { partsOf } from './parts.js'
import { type Meaning, storedTensor } from './tensor.js'
import { describeValue, isGlobal, isInstance, isStorage, type PickleValue } from './value.js'

/** A MobileNetV2 has 314 tensors; a training checkpoint with its optimizer a few times as many. */
const mostTensors = 20_000

/** Values in values. A whole module takes three for each module in a module. */
const deepest = 100

/** Characters of a tensor's path; those of users are under 200. */
const longestPath = 1000

/** What is noted of the tensors that cannot be read. */
const mostNotes = 1000

/** Values that are looked at; the whole module of a MobileNetV2 has 30,000. */
const mostSteps = 4_000_000

/** How often values that hold tensors are visited again, under other paths. */
const mostRevisits = 20_000

/** Says what cannot be read, and why. */
type Note = (path: string, reason: string) => void

/** Weight and bias of a quantised dense layer, which PyTorch packs into a pair under this name; in a whole module, within its state. */
const packedParameters = /(^|\.)_packed_params\._packed_params(\.0)?$/

interface Found {
  readonly path: string
  readonly meaning: Extract<Meaning, { what: 'tensor' }>
}

/** The tensors in whatever a pickle holds, by path, in the order of the file. */
function findTensors(root: PickleValue, meaningOf: MeaningOf, budget: Budget, note: Note): Found[] {
  const found: Found[] = []
  /** Whether there are tensors in what was visited; null as long as it is being visited. */
  const seen = new Map<PickleValue, boolean | null>()
  let revisits = 0
  let steps = 0
  const refuse = (expected: string, path: string): never => {
    throw new CheckpointError('The pickle holds more than a checkpoint does.', { expected, got: path.slice(0, 100) })
  }

  const visitParts = (value: PickleValue, path: string, depth: number): void => {
    const packed = Array.isArray(value) && value.length === 2 && isInstance(value[0]) && packedParameters.test(path)
    for (const [name, part] of partsOf(value, meaningOf)) {
      steps += 1
      if (steps > mostSteps) refuse(`at most ${mostSteps} values`, path)
      if (typeof part !== 'object' || part === null) continue
      const given = packed ? (name === '0' ? 'weight' : 'bias') : name
      const above = packed ? path.replace(packedParameters, '') : path
      if (given === null) visit(part, path, depth + 1)
      else if (above.length + given.length >= longestPath) note(above.slice(0, 100), `its path has over ${longestPath} characters`)
      else visit(part, above === '' ? given : `${above}.${given}`, depth + 1)
    }
  }
  const visit = (value: PickleValue, path: string, depth: number): void => {
    if (typeof value !== 'object' || value === null || isGlobal(value) || isStorage(value) || value instanceof Uint8Array) return
    const meaning = isInstance(value) ? meaningOf(value) : null
    if (meaning?.what === 'unreadable') {
      note(path, meaning.reason)
      return
    }
    if (meaning?.what === 'tensor') {
      budget.take(2 * path.length + 200, 'the names of tensors')
      found.push({ path, meaning })
      if (found.length > mostTensors) refuse(`at most ${mostTensors} tensors`, path)
      return
    }
    budget.take(path.length, 'the paths of its values')
    if (depth > deepest) {
      note(path, `it lies over ${deepest} values deep`)
      return
    }
    // A value that lies in itself, or is shared and holds no tensors, is not visited again.
    const before = seen.get(value)
    if (before === null || before === false) return
    if (before === true) {
      revisits += 1
      if (revisits > mostRevisits) {
        note(path, 'the file has too many values under several paths')
        return
      }
    }
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
 * Leaves out the scales of activations: beside each quantised layer, PyTorch's state dicts have one `scale` and one `zero_point` of its
 * output, which are no parameters. Without quantised tensors nothing is left out.
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
 * What a pickle holds as a checkpoint: its tensors by their whole path (keys, indices and attributes, joined by points), and all else as
 * plain values. Tensors that cannot be read are left out; `metadata.unreadable` says of each why.
 * @param readStorage the storage in the bytes of a file of torch.save
 * @throws CheckpointError if it holds no tensors that can be read, or one of them reaches beyond its storage
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
    if (unreadable.size < mostNotes) unreadable.set(path.slice(0, longestPath), reason)
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
      got: first === undefined ? `${describeValue(root)} without tensors` : `${first[0].slice(0, 100)}: ${first[1]}`,
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
