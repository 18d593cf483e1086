import { type Budget, bytesPerValue } from './budget.js'

/** Spends the parts into which a text will be split: one more than it has characters of `separators`. */
export function countParts(text: string, separators: string, budget: Budget): void {
  budget.take(2 * text.length, 'a text')
  const codes = new Set(Array.from(separators, (separator) => separator.charCodeAt(0)))
  let parts = 1
  for (let at = 0; at < text.length; at++) if (codes.has(text.charCodeAt(at))) parts++
  budget.items(parts, 'the parts of a text')
  budget.take(bytesPerValue * parts, 'the parts of a text')
}
