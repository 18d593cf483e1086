import type { Budget } from './budget.js'

/** Joins parts. A single part is returned itself; joining several spends their bytes of `budget`. */
export function joinBytes(parts: readonly Uint8Array[], what: string, budget: Budget): Uint8Array {
  const [first] = parts
  if (first !== undefined && parts.length === 1) return first
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  budget.take(length, what)
  const joined = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
