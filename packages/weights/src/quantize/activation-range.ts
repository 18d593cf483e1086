import type { Bounds } from '../integer-arithmetic.js'
import type { StoredActivation } from '../stored-integers.js'
import type { Histogram } from './histogram.js'

/** The fractions of the range of values that are tried as its ends. Below a half more is lost than gained. */
const parts: readonly number[] = Array.from({ length: 33 }, (_, index) => 1 - index / 64)

/** The width of the range if all values are zero. */
const leastWidth = 2 ** -20

/**
 * The range for integers of 8 bits that loses least. A range that is narrower than the values has finer steps, but cuts off rare values.
 */
export function bestRange(histogram: Histogram): Bounds {
  const [least, most] = histogram.bounds()
  let best: Bounds = [least, most]
  let cost = histogram.costOf(best)
  for (const low of least === 0 ? [0] : parts) {
    for (const high of most === 0 ? [0] : parts) {
      const tried: Bounds = [low * least, high * most]
      const costs = histogram.costOf(tried)
      if (costs < cost) [best, cost] = [tried, costs]
    }
  }
  return best
}

/** An activation of int8. */
export function int8Activation(scale: number, zeroPoint: number): StoredActivation {
  return { scale, zeroPoint, least: -128 - zeroPoint, most: 127 - zeroPoint }
}

/**
 * The int8 activation whose integers stand for a range that contains 0.
 * @param leastScale the least scale that the arithmetic allows
 */
export function activationFor([least, most]: Bounds, leastScale: number): StoredActivation {
  const scale = Math.fround(Math.max((most - least) / 255, leastWidth / 255, leastScale))
  const zeroPoint = Math.min(Math.max(Math.round(-128 - least / scale), -128), 127)
  return int8Activation(scale, zeroPoint)
}
