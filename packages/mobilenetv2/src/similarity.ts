import { MobileNetV2Error } from '@mobilenetv2/spec'

/** The length of a vector. The sum is float64, in which squares of float32 values cannot overflow. */
function lengthOf(vector: Float32Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
}

/** Scales the vector to length 1; a vector of zeros stays as it is. */
export function normalized(vector: Float32Array): Float32Array {
  const length = lengthOf(vector)
  return length === 0 ? vector : vector.map((value) => value / length)
}

/**
 * How similar two embeddings `[channels]` are: the cosine of the angle between them, from -1 to 1. Embeddings after ReLU6 have no negative
 * values, so they give 0 to 1. A vector of zeros has no direction: it gives 0.
 * @throws MobileNetV2Error `INPUT` if they are not two Float32Arrays of equal length, or if a value is not finite
 * @example
 * ```ts
 * import { cosineSimilarity, load } from 'mobilenetv2'
 *
 * const model = await load()
 * const [cat, dog] = [await model.embed('cat.jpg'), await model.embed('dog.jpg')]
 * console.log(cosineSimilarity(cat, dog))
 * ```
 */
export function cosineSimilarity(left: Float32Array, right: Float32Array): number {
  if (!ArrayBuffer.isView(left) || !ArrayBuffer.isView(right) || left.length !== right.length) {
    const kind = (value: Float32Array): string => (ArrayBuffer.isView(value) ? `${value.length} values` : typeof value)
    throw new MobileNetV2Error('INPUT', 'These two vectors cannot be compared.', {
      expected: 'two embeddings of the same model: Float32Arrays of equal length',
      got: `${kind(left)} and ${kind(right)}`,
    })
  }
  const lengths = lengthOf(left) * lengthOf(right)
  if (!Number.isFinite(lengths)) {
    throw new MobileNetV2Error('INPUT', 'These two vectors cannot be compared.', {
      expected: 'finite values',
      got: 'NaN or infinity',
    })
  }
  if (lengths === 0) return 0
  const product = left.reduce((sum, value, index) => sum + value * right[index]!, 0)
  return Math.max(-1, Math.min(1, product / lengths))
}
