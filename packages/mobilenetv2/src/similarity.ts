/** The vector at length 1; one of zeros stays as it is. */
export function normalized(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector)
  return length === 0 ? vector : vector.map((value) => value / length)
}

/**
 * How alike two embeddings are: the cosine of the angle between them, from -1 to 1; features after ReLU6 give 0 to 1.
 * @throws RangeError where they differ in length
 */
export function cosineSimilarity(left: Float32Array, right: Float32Array): number {
  if (left.length !== right.length)
    throw new RangeError(`Embeddings of ${left.length} and ${right.length} values cannot be compared.`)
  const [a, b] = [normalized(left), normalized(right)]
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0)
}
