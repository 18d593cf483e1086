/**
 * Rounds `value` up to a multiple of `multiple`.
 * @internal
 */
export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple
}

/**
 * Copies rows without their padding.
 * @param padded rows of `stride` values; the first `length` values of each are copied
 * @param target gets as many rows of `length` values as fit
 * @internal
 */
export function dropPadding(padded: Float32Array, stride: number, length: number, target: Float32Array): void {
  if (stride === length) {
    target.set(padded.subarray(0, target.length))
    return
  }
  for (let row = 0; row * length < target.length; row++) {
    target.set(padded.subarray(row * stride, row * stride + length), row * length)
  }
}
