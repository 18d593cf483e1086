import type { Geometry, Preprocessing } from '@mobilenetv2/spec'

/** The longest side that a picture is resized to, in pixels. */
export const longestSide: number = 2 ** 16

/** The largest number of a mean or a deviation, and of what a value is divided by: twice that of a picture of 16 bits. */
const largest = 2 ** 17

function isGeometry(geometry: Geometry): boolean {
  if (geometry.kind === 'shorterSide') return geometry.size > 0 && geometry.size <= longestSide
  return geometry.kind === 'stretch' || (geometry.fraction > 0 && geometry.fraction <= 1)
}

/** Whether a mean is of numbers that a picture can have. */
export function isMean(values: Preprocessing['mean']): boolean {
  return values.every((value) => Math.abs(value) <= largest)
}

/** Whether a deviation can be divided by. */
export function isDeviation(values: Preprocessing['deviation']): boolean {
  return values.every((value) => value >= 1 / largest && value <= largest)
}

/** Whether pictures can be prepared so. The options of a caller are held to the same numbers. */
export function isPossible({ geometry, mean, deviation }: Preprocessing): boolean {
  return isGeometry(geometry) && isMean(mean) && isDeviation(deviation)
}
