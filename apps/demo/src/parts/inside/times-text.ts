import { milliseconds } from '../../view/numbers.js'
import type { Times } from './times.js'

/** A time with its spread: "0.34 ms (0.31 to 0.40)". */
export function timesText({ median, low, high }: Times): string {
  const digits = median < 10 ? 2 : 1
  return `${milliseconds(median)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`
}
