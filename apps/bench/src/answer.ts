/** What a contender's answer must be: rows of the batch, and how near they must come. */
export interface Expected {
  /** The logits of one row each, or the probabilities where `kind` says so. */
  readonly rows: readonly { readonly picture: number; readonly values: Float32Array }[]
  /** `logits` of the same weights; `probabilities` of other weights in eight bits, which are the same in all bits. */
  readonly kind: 'logits' | 'probabilities'
}

/** The largest difference that is allowed, relative to the largest expected value. */
const tolerances = { logits: 1e-4, probabilities: 0 } as const

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}

/** The largest difference of two vectors, relative to the largest expected value; NaN where a value is none. */
export function difference(values: Float32Array, expected: Float32Array): number {
  let most = 0
  for (let index = 0; index < expected.length; index++) {
    const off = Math.abs(values[index]! - expected[index]!)
    if (Number.isNaN(off)) return off
    most = Math.max(most, off)
  }
  return most / largest(expected)
}

/**
 * @param answer `[batch, classes]`
 * @throws Error where the answer has another length, or is further off than the tolerance
 */
export function checkAnswer(answer: Float32Array, batch: number, { rows, kind }: Expected): void {
  for (const { picture, values } of rows) {
    if (answer.length !== batch * values.length) {
      throw new Error(`gives an answer of ${answer.length} values where ${batch} x ${values.length} are expected`)
    }
    const off = difference(answer.subarray(picture * values.length, (picture + 1) * values.length), values)
    if (!(off <= tolerances[kind])) {
      throw new Error(`gives another answer: ${off.toPrecision(3)} of the largest value off, where ${tolerances[kind]} is allowed`)
    }
  }
}
