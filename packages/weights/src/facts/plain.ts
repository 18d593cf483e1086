import type { PlainValue } from '../checkpoint.js'
import type { Budget } from '../formats/budget.js'
import { countParts } from '../formats/count-parts.js'
import type { Triple } from './recipes.js'

/** An object whose members are plain values. */
export type PlainRecord = { readonly [name: string]: PlainValue }

/** The value if it is an object. */
export function recordOf(value: PlainValue | undefined): PlainRecord | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as PlainRecord) : null
}

/** A member of the object itself, not of its prototype. */
export function memberOf(record: PlainRecord | null, name: string): PlainValue | undefined {
  return record !== null && Object.hasOwn(record, name) ? record[name] : undefined
}

/** The value if it is a finite number. */
export function numberOf(value: PlainValue | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** Numbers for red, green and blue, from a list of three or from one number; null if the value is neither. */
export function tripleOf(value: PlainValue | undefined, map: (value: number) => number = (each) => each): Triple | null {
  const values = (Array.isArray(value) ? value : [value, value, value]).map(numberOf)
  const [red, green, blue] = values
  if (values.length !== 3 || red == null || green == null || blue == null) return null
  return [map(red), map(green), map(blue)]
}

/**
 * Parses JSON; null if the text is not JSON.
 * @throws CheckpointError if it has more values than `budget` allows
 */
export function plainJson(text: string, budget: Budget): PlainValue {
  countParts(text, ',{[', budget)
  try {
    return JSON.parse(text) as PlainValue
  } catch {
    return null
  }
}
