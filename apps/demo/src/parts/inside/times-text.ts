import { milliseconds } from '../../view/numbers.js'
import type { Times } from './times.js'

/** A time with its spread: "0.34 ms (0.31 to 0.40)"; of a single round without it. */
export function timesText({ median, low, high, rounds }: Times): string {
  if (rounds === 1) return milliseconds(median)
  const digits = median < 10 ? 2 : 1
  return `${milliseconds(median)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`
}
