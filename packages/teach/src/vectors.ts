/** The dot product. */
export function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += one[at]! * other[at]!
  return sum
}

/** Adds `factor` times `values` to `to`. */
export function addTo(to: Float64Array, values: Float64Array, factor: number): void {
  for (let at = 0; at < to.length; at++) to[at]! += factor * values[at]!
}

/** Multiplies values by a factor in place. */
export function scaleBy(values: Float64Array, factor: number): void {
  for (let at = 0; at < values.length; at++) values[at]! *= factor
}
