import { InvalidArgumentError } from 'commander'

/** Parses a number for commander. Its range is checked where it is used. */
export function parseNumber(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || Number.isNaN(value)) throw new InvalidArgumentError('It must be a number.')
  return value
}

/** Parses an integer of 1 or more for commander. */
export function parseCount(text: string): number {
  const value = parseNumber(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be an integer of 1 or more.')
  return value
}
