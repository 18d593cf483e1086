/** The next multiple of a size: memory and channels are laid out in whole multiples. */
export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple
}

/**
 * Copies rows without what pads them.
 * @param padded rows of `stride` values, of which the first `length` count
 * @param target gets rows of `length` values, as many as it holds
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
