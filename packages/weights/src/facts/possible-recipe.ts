import type { Geometry, Preprocessing } from '@mobilenetv2/spec'

/** The longest side, in pixels, to which a picture is resized. */
export const longestSide: number = 2 ** 16

/** The largest mean, deviation or divisor: twice the largest level of a picture of 16 bits. */
const largest = 2 ** 17

function isGeometry(geometry: Geometry): boolean {
  if (geometry.kind === 'shorterSide') return geometry.size > 0 && geometry.size <= longestSide
  return geometry.kind === 'stretch' || (geometry.fraction > 0 && geometry.fraction <= 1)
}

/** Whether these can be the mean of pictures. */
export function isMean(values: Preprocessing['mean']): boolean {
  return values.every((value) => Math.abs(value) <= largest)
}

/** Whether inputs can be divided by this deviation. */
export function isDeviation(values: Preprocessing['deviation']): boolean {
  return values.every((value) => value >= 1 / largest && value <= largest)
}

/** Whether a preprocessing can be done. The caller's options have the same limits. */
export function isPossible({ geometry, mean, deviation }: Preprocessing): boolean {
  return isGeometry(geometry) && isMean(mean) && isDeviation(deviation)
}
