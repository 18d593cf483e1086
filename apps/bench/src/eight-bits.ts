const { fround } = Math

/** Levels of a picture, 0 to 255, whose values were normalised to -1 to 1; rounded where `IntegerInput` rounds. */
export function levelsOf(values: Float32Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(values, (value) => Math.min(255, Math.max(0, 127 + Math.round(fround(fround(value * 127.5) + 0.5)))))
}

/** What LiteRT's softmax of eight bits gives: steps of 1/256, from a table of exponentials in float32. */
const outputScale = 1 / 256

/**
 * The probabilities that LiteRT's softmax of eight bits makes of logits.
 * @param scale of the logits, which are multiples of it
 */
export function quantizedSoftmax(logits: Float32Array, scale: number): Float32Array {
  const integers = Int32Array.from(logits, (value) => Math.round(value / scale))
  const most = integers.reduce((a, b) => Math.max(a, b))
  const exponentials = Float32Array.from(integers, (value) => Math.exp(fround(scale * (value - most))))
  const sum = exponentials.reduce((total, value) => fround(total + value), 0)
  const inverse = fround(1 / fround(sum * outputScale))
  return exponentials.map((value) => Math.min(255, Math.round(fround(value * inverse))) * outputScale)
}
