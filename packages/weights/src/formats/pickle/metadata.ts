import type { PlainValue } from '../../checkpoint.js'
import { type Budget, bytesPerValue } from '../budget.js'
import type { MeaningOf } from './meaning.js'
import { isModule, type Part, partsOf } from './parts.js'
import { isGlobal, isInstance, isStorage, type PickleValue } from './value.js'

// Only a little of a training's records is kept. What exceeds these limits is left out, not refused.

/** Most values. ImageNet-21k has 21,841 classes. */
const mostValues = 50_000

/** How deep objects may be nested. */
const deepest = 8

/** Most characters of a text. */
const longestText = 10_000

type Plain = { [name: string]: PlainValue } | PlainValue[]

/** A container that is still to be filled. */
interface Task {
  readonly target: Plain
  /** Removes the container from the one that it is in. */
  remove(): void
  /** The value from which it is filled. */
  readonly value: PickleValue
  readonly depth: number
}

/**
 * A single value; undefined if it is a container, or is left out. Text that is made here is spent from the budget, because a pickle
 * may repeat its value.
 */
function leaf(value: PickleValue, budget: Budget): PlainValue | undefined {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value
  if (typeof value === 'string') return value.length <= longestText ? value : value.slice(0, longestText)
  if (typeof value === 'bigint') {
    const digits = value.toString().slice(0, longestText)
    budget.take(digits.length, 'its values other than tensors')
    return digits
  }
  if (isGlobal(value)) return value.name
  if (!(value instanceof Uint8Array) || value.length > longestText) return undefined
  budget.take(2 * value.length, 'its values other than tensors')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(value)
  } catch {
    return undefined
  }
}

/**
 * Whether a value becomes a list: a list of Python, or an object that has nothing but one list, as its elements, its state or its
 * parameters.
 */
function isList(value: PickleValue): boolean {
  if (Array.isArray(value)) return true
  if (!isInstance(value) || value.items !== null) return false
  const { state, elements, parameters } = value
  const has = [Array.isArray(state) && !(state[1] instanceof Map), elements !== null, parameters.length > 1]
  return (state === null || has[0]!) && has.filter(Boolean).length === 1
}

/** The parts of an object by name. A part without a name is replaced by its own parts. Null if there are more than `most`. */
function flatParts(value: PickleValue, meaningOf: MeaningOf, most: number, budget: Budget): Part[] | null {
  const flat: Part[] = []
  let steps = 0
  const add = (from: PickleValue, depth: number): boolean => {
    const inModule = isInstance(from) && isModule(from)
    for (const part of partsOf(from, meaningOf)) {
      steps += 1
      budget.items(1, 'its values other than tensors')
      if (steps > most) return false
      const [name, child] = part
      if (name === null) {
        if (depth < deepest && !add(resolve(child, meaningOf), depth + 1)) return false
      } else if (!(inModule && name.startsWith('_')) && name !== '__proto__') {
        flat.push(part)
      }
    }
    return true
  }
  return add(value, 0) ? flat : null
}

/** The value that an object stands for. An object with one parameter and nothing else stands for that parameter. */
function resolve(value: PickleValue, meaningOf: MeaningOf): PickleValue {
  let current = value
  for (let step = 0; step < deepest && isInstance(current); step++) {
    const meaning = meaningOf(current)
    if (meaning?.what === 'value') current = meaning.value
    else if (meaning !== null) return current
    else {
      const { parameters, state, items, elements } = current
      const [only] = parameters
      if (only === undefined || parameters.length > 1 || state !== null || items !== null || elements !== null) return current
      current = only
    }
  }
  return current
}

/**
 * The values in a pickle other than tensors. They are read level by level, so that the values near the root are kept if there are too many.
 * A container that does not fit is left out as a whole.
 */
export function plainMetadata(root: PickleValue, meaningOf: MeaningOf, budget: Budget): Record<string, PlainValue> {
  const metadata: { [name: string]: PlainValue } = {}
  let left = mostValues
  const tasks: Task[] = [{ target: metadata, value: resolve(root, meaningOf), depth: 0, remove: () => undefined }]
  for (let next = 0; next < tasks.length; next++) {
    const { target, value, depth, remove } = tasks[next]!
    const parts = flatParts(value, meaningOf, left, budget)
    if (parts === null) {
      remove()
      continue
    }
    left -= parts.length
    budget.take(parts.length * bytesPerValue, 'its values other than tensors')
    if (isInstance(value) && !Array.isArray(target) && (isModule(value) || value.type.startsWith('__torch__.'))) {
      target.__class__ = value.type
    }
    for (const [index, [name, child]] of parts.entries()) {
      const key = Array.isArray(target) ? index : name!.slice(0, longestText)
      const plain = plainOf(resolve(child, meaningOf), depth + 1, () => {
        if (Array.isArray(target)) target[Number(key)] = null
        else delete target[key]
      })
      if (Array.isArray(target)) target.push(plain ?? null)
      else if (plain !== undefined) target[key] = plain
    }
  }
  // A container that had only tensors is left out.
  for (const { target, value, remove } of tasks.reverse()) {
    const isEmpty = Array.isArray(target) ? target.every((element) => element === null) : Object.keys(target).length === 0
    if (isEmpty && !(value instanceof Map && value.size === 0) && !(Array.isArray(value) && value.length === 0)) remove()
  }
  return metadata

  function plainOf(value: PickleValue, depth: number, remove: () => void): PlainValue | undefined {
    const single = leaf(value, budget)
    if (single !== undefined) return single
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array || isStorage(value) || depth > deepest)
      return undefined
    const meaning = isInstance(value) ? meaningOf(value) : null
    if (meaning !== null) return undefined
    const target: Plain = isList(value) ? [] : {}
    tasks.push({ target, value, depth, remove })
    return target
  }
}
