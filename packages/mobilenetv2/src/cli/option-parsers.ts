import { InvalidArgumentError } from 'commander'

/** A number as commander takes it from the command line; its range is checked where it is used. */
export function parseNumber(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || Number.isNaN(value)) throw new InvalidArgumentError('It must be a number.')
  return value
}

/** A whole number of 1 or more. */
export function parseCount(text: string): number {
  const value = parseNumber(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be an integer of 1 or more.')
  return value
}
