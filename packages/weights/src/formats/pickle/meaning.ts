import type { Budget } from '../budget.js'
import { pytorchMeaning } from '../pytorch/tensors.js'
import { bytesOf, numpyMeaning } from './numpy.js'
import type { Meaning } from './tensor.js'
import { isInstance, type PickleInstance, type PickleValue } from './value.js'

/** What an object stands for; null if its class is not known. */
export type MeaningOf = (instance: PickleInstance) => Meaning | null

/** How deep tensors may be nested in parameters of tensors: a quantised tensor has scales. */
const deepest = 4

/** Python's own classes of containers. */
const containers = /^(builtins|__builtin__)\.(list|tuple|set|frozenset|dict)$/

/** Most bytes that may be a text. Arrays have bytes of their own. */
const longestBytes = 10_000

const paths = /^pathlib(\._local)?\.(Pure)?(Posix|Windows)?Path$/

function pythonMeaning(instance: PickleInstance, budget: Budget): Meaning | null {
  const { type, parameters, state, items, elements } = instance
  const [first, second] = parameters
  const bytes = bytesOf(instance, budget)
  if (bytes !== null) return { what: 'value', value: bytes.size <= longestBytes ? bytes.read() : null }
  if (containers.test(type) && first !== undefined && items === null && elements === null && parameters.length === 1) {
    return { what: 'value', value: first }
  }
  if (paths.test(type) && parameters.length <= 100 && parameters.every((part) => typeof part === 'string' && part.length < 1000)) {
    const separator = type.includes('Windows') ? '\\' : '/'
    return { what: 'value', value: parameters.join(separator).replace(/^\/+/, '/') }
  }
  // OmegaConf's containers and values. Their other attributes describe types and parents.
  if (type.startsWith('omegaconf.') && state instanceof Map) {
    const value = state.get('_content') ?? state.get('_val')
    return value === undefined ? null : { what: 'value', value }
  }
  // A member of an enumeration stands for its value: Color('red'), or the attribute of its class.
  if (/^(builtins|__builtin__)\.getattr$/.test(type) && typeof second === 'string') return { what: 'value', value: second }
  return null
}

/**
 * What the objects of one pickle stand for. Each is determined once.
 * @param readStorage reads the storage in the bytes of a file of torch.save
 */
export function meanings(budget: Budget, readStorage: (bytes: Uint8Array) => PickleValue): MeaningOf {
  const known = new Map<PickleInstance, Meaning | null>()
  const work = (instance: PickleInstance, depth: number): Meaning | null => {
    const before = known.get(instance)
    if (before !== undefined) return before
    if (depth > deepest) return { what: 'unreadable', reason: 'a tensor within tensors' }
    const meaningOf: MeaningOf = (inner) => work(inner, depth + 1)
    const meaning =
      numpyMeaning(instance, budget) ??
      pytorchMeaning(instance, { budget, meaningOf, readStorage }) ??
      pythonMeaning(instance, budget)
    budget.take(100, 'the objects of its pickle')
    const value = meaning?.what === 'value' ? meaning.value : null
    // An object that stands for a tensor, such as a parameter, is that tensor.
    const final = isInstance(value) ? (meaningOf(value) ?? meaning) : meaning
    known.set(instance, final)
    return final
  }
  return (instance) => work(instance, 0)
}
