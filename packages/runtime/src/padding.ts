/** `value` rounded up to a multiple of `multiple`. */
export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple
}

/**
 * Copies rows without their padding.
 * @param padded rows of `stride` values; the first `length` of each are copied
 * @param target gets as many rows of `length` values as fit
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
