import { assert } from 'vitest'

/** The largest difference that is allowed: `absolute` + `relative` x the largest finite |expected value|. Each is 0 unless given. */
export interface Tolerance {
  readonly relative?: number | undefined
  readonly absolute?: number | undefined
}

/** The result of a matcher, as vitest's `expect` takes it. */
export interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}

/** The difference of two values. It is infinite if only one of them is NaN or infinite, and 0 if both are the same NaN or infinity. */
function difference(actual: number, expected: number): number {
  if (Object.is(actual, expected)) return 0
  const distance = Math.abs(actual - expected)
  return Number.isNaN(distance) ? Infinity : distance
}

/**
 * Compares two lists of numbers, for `expect.extend({ toBeAllClose })`. Fails if the lengths differ, if only one side has a NaN or an
 * infinity, or if a difference exceeds the tolerance. The message gives the largest difference.
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
 * Fails the running test if `toBeAllClose` fails.
 * @throws an assertion error whose message gives the largest difference, its index, both values and the tolerance
 */
export function expectAllClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: Tolerance): void {
  const { pass, message } = toBeAllClose(actual, expected, tolerance)
  if (!pass) assert.fail(message())
}
