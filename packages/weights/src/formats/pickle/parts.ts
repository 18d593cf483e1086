import { longestName } from '../budget.js'
import type { MeaningOf } from './meaning.js'
import { isGlobal, isInstance, type PickleInstance, type PickleValue } from './value.js'

/** A part of a value, and the name that it adds to the path; null if it adds none. */
export type Part = readonly [name: string | null, value: PickleValue]

/** The attributes in which a module has its children and tensors. They are not part of the path: `features.0.weight`. */
const moduleAttributes = new Set<string | null>(['_modules', '_parameters', '_buffers'])

/** Most parameters of a call that are followed. Python allows no more in a call that is written out. */
const mostParameters = 255

/** Whether an object is a module of PyTorch. */
export function isModule({ state }: PickleInstance): boolean {
  return state instanceof Map && state.get('_modules') !== undefined
}

/** A dictionary's key in a path; null if it is neither text nor number. */
function keyText(key: PickleValue, meaningOf: MeaningOf): string | null {
  if (typeof key === 'string') return key
  if (typeof key === 'number') return String(key)
  if (typeof key === 'boolean') return key ? 'True' : 'False'
  // Many dictionaries may share one key of any length.
  if (key instanceof Uint8Array) return key.length <= longestName ? new TextDecoder().decode(key) : null
  const meaning = isInstance(key) ? meaningOf(key) : null
  const value = meaning?.what === 'value' ? meaning.value : null
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}

function* entries(dictionary: ReadonlyMap<PickleValue, PickleValue>, meaningOf: MeaningOf): Generator<Part> {
  for (const [key, value] of dictionary) {
    const text = keyText(key, meaningOf)
    if (text !== null) yield [text, value]
  }
}

function* stateParts(instance: PickleInstance, meaningOf: MeaningOf): Generator<Part> {
  const { state } = instance
  // Objects with __slots__ have a pair: the dictionary, or None, and the slots.
  const both =
    Array.isArray(state) && state.length === 2 && state[1] instanceof Map && (state[0] === null || state[0] instanceof Map)
  const dictionaries = both ? state : [state]
  if (!dictionaries.every((dictionary) => dictionary === null || dictionary instanceof Map)) {
    yield [null, state]
    return
  }
  const inModule = isModule(instance)
  for (const dictionary of dictionaries) {
    if (!(dictionary instanceof Map)) continue
    for (const part of entries(dictionary, meaningOf)) yield inModule && moduleAttributes.has(part[0]) ? [null, part[1]] : part
  }
}

function* elementsOf(list: readonly PickleValue[]): Generator<Part> {
  for (const [index, element] of list.entries()) yield [String(index), element]
}

/** Python 2 makes an OrderedDict from a list of pairs. */
function* pairs(list: readonly PickleValue[], meaningOf: MeaningOf): Generator<Part> {
  for (const pair of list) {
    if (!Array.isArray(pair) || pair.length !== 2) continue
    const text = keyText(pair[0]!, meaningOf)
    if (text !== null) yield [text, pair[1]!]
  }
}

/** The parts of a value, in the order of the file: of a dictionary, a list, or an object of any class. */
export function* partsOf(value: PickleValue, meaningOf: MeaningOf): Generator<Part> {
  if (value instanceof Map) yield* entries(value, meaningOf)
  else if (Array.isArray(value)) yield* elementsOf(value)
  else if (isInstance(value)) {
    const isOrdered = value.type === 'collections.OrderedDict'
    const parameters = value.parameters.slice(0, mostParameters).filter((parameter) => !isGlobal(parameter))
    const [only] = parameters
    if (isOrdered && Array.isArray(only)) yield* pairs(only, meaningOf)
    else if (parameters.length === 1) yield [null, only!]
    else yield* elementsOf(parameters)
    if (value.items !== null) yield* entries(value.items, meaningOf)
    if (value.elements !== null) yield* elementsOf(value.elements)
    // The `_metadata` of a state dict, the versions of its modules, is not part of it.
    if (value.state !== null && !isOrdered) yield* stateParts(value, meaningOf)
  }
}
