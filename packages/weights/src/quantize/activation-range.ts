import type { Bounds } from '../integer-arithmetic.js'
import type { StoredActivation } from '../stored-integers.js'
import type { Histogram } from './histogram.js'

/** The parts of the seen range that are tried as its ends. Below a half more is lost than won. */
const parts: readonly number[] = Array.from({ length: 33 }, (_, index) => 1 - index / 64)

/** The width of the range of a network that gives nothing but zeros. */
const leastWidth = 2 ** -20

/**
 * The range that integers of 8 bits should stand for, so that they lose as little as possible: a narrower one than was seen rounds finer,
 * and cuts off values that are rare.
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
 * The activation of int8 whose integers stand for a range that holds 0.
 * @param leastScale what the arithmetic asks for at least
 */
export function activationFor([least, most]: Bounds, leastScale: number): StoredActivation {
  const scale = Math.fround(Math.max((most - least) / 255, leastWidth / 255, leastScale))
  const zeroPoint = Math.min(Math.max(Math.round(-128 - least / scale), -128), 127)
  return int8Activation(scale, zeroPoint)
}
