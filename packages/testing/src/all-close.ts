import { assert } from 'vitest'

/** How far apart two values may be: `absolute` + `relative` x the largest absolute finite expected value. Each is 0 unless given. */
export interface Tolerance {
  readonly relative?: number | undefined
  readonly absolute?: number | undefined
}

/** What a matcher hands to vitest's `expect`. */
export interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}

/** NaN or an infinity on one side only is infinitely far from the other side; the same one on both sides is no difference. */
function difference(actual: number, expected: number): number {
  if (Object.is(actual, expected)) return 0
  const distance = Math.abs(actual - expected)
  return Number.isNaN(distance) ? Infinity : distance
}

/**
 * Compares two lists of numbers of any shape, for `expect.extend({ toBeAllClose })`. Fails where the lengths differ, where NaN or an
 * infinity stands on one side only, or where a difference exceeds the tolerance; the message gives the largest difference.
 */
export function toBeAllClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: Tolerance): MatcherResult {
  const { relative = 0, absolute = 0 } = tolerance
  if (!(relative >= 0 && absolute >= 0)) throw new RangeError(`A tolerance must be 0 or more, not ${relative} and ${absolute}.`)
  if (actual.length !== expected.length) {
    return { pass: false, message: () => `expected ${expected.length} values, got ${actual.length}` }
  }
  let largest = 0
  let worst = 0
  let worstDifference = 0
  for (let index = 0; index < expected.length; index++) {
    const value = Math.abs(expected[index]!)
    if (Number.isFinite(value) && value > largest) largest = value
    const distance = difference(actual[index]!, expected[index]!)
    if (distance > worstDifference) {
      worst = index
      worstDifference = distance
    }
  }
  const limit = absolute + relative * largest
  return {
    pass: worstDifference <= limit,
    message: () =>
      [
        `largest difference of ${expected.length} values: ${worstDifference} at index ${worst}`,
        `expected: ${expected[worst]}`,
        `got: ${actual[worst]}`,
        `tolerance: ${limit} (absolute ${absolute} + relative ${relative} x largest expected value ${largest})`,
      ].join('\n  '),
  }
}

/**
 * Fails the running test where `toBeAllClose` does.
 * @throws an assertion error whose message gives the largest difference, its index, both values and the tolerance.
 */
export function expectAllClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: Tolerance): void {
  const { pass, message } = toBeAllClose(actual, expected, tolerance)
  if (!pass) assert.fail(message())
}
