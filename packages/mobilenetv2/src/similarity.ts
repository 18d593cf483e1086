import { MobileNetV2Error } from '@mobilenetv2/spec'

/** Scales the vector to length 1; a vector of zeros stays as it is. */
export function normalized(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector)
  return length === 0 ? vector : vector.map((value) => value / length)
}

/**
 * How similar two embeddings are: the cosine of the angle between them, from -1 to 1. Embeddings after ReLU6 give 0 to 1.
 * @throws MobileNetV2Error `INPUT` if they are not two Float32Arrays of equal length
 */
export function cosineSimilarity(left: Float32Array, right: Float32Array): number {
  if (!ArrayBuffer.isView(left) || !ArrayBuffer.isView(right) || left.length !== right.length) {
    const kind = (value: Float32Array): string => (ArrayBuffer.isView(value) ? `${value.length} values` : typeof value)
    throw new MobileNetV2Error('INPUT', 'These two cannot be compared.', {
      expected: 'two embeddings of one model: Float32Arrays of one length',
      got: `${kind(left)} and ${kind(right)}`,
    })
  }
  const [a, b] = [normalized(left), normalized(right)]
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0)
}
