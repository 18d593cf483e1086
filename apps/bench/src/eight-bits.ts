const { fround } = Math

/** The levels, 0 to 255, of a picture that was normalised to -1 to 1; they are rounded as `IntegerInput` rounds them. */
export function levelsOf(values: Float32Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(values, (value) => Math.min(255, Math.max(0, 127 + Math.round(fround(fround(value * 127.5) + 0.5)))))
}

/** The outputs of LiteRT's eight-bit softmax are multiples of this. LiteRT takes the exponentials from a float32 table. */
const outputScale = 1 / 256

/**
 * Computes probabilities as LiteRT's eight-bit softmax does.
 * @param scale the quantisation scale: each logit is a multiple of it
 */
export function quantizedSoftmax(logits: Float32Array, scale: number): Float32Array {
  const integers = Int32Array.from(logits, (value) => Math.round(value / scale))
  const most = integers.reduce((a, b) => Math.max(a, b))
  const exponentials = Float32Array.from(integers, (value) => Math.exp(fround(scale * (value - most))))
  const sum = exponentials.reduce((total, value) => fround(total + value), 0)
  const inverse = fround(1 / fround(sum * outputScale))
  return exponentials.map((value) => Math.min(255, Math.round(fround(value * inverse))) * outputScale)
}
