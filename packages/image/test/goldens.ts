import { readFileSync } from 'node:fs'

/** A golden file of test/goldens; the script that made it, and with which version, is its `madeBy`. */
export function golden<Content>(name: string): Content & { readonly madeBy: string } {
  return JSON.parse(readFileSync(new URL(`./goldens/${name}.json`, import.meta.url), 'utf8'))
}

export function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'))
}

export function floatsOf(base64: string): Float32Array {
  return new Float32Array(bytesOf(base64).buffer)
}

/** The largest difference between two lists of equal length; lists of different length differ without end. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY
  let largest = 0
  for (let i = 0; i < actual.length; i++) largest = Math.max(largest, Math.abs(actual[i]! - expected[i]!))
  return largest
}
