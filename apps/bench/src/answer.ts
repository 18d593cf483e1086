/** The expected answer of a contender, for some pictures of the batch. */
export interface Expected {
  /** The logits or the probabilities of one picture each. */
  readonly rows: readonly { readonly picture: number; readonly values: Float32Array }[]
  /** `logits`: from the same weights, equal up to a tolerance. `probabilities`: from other weights in eight bits, equal in every bit. */
  readonly kind: 'logits' | 'probabilities'
}

/** The largest allowed difference, relative to the largest expected value. */
const tolerances = { logits: 1e-4, probabilities: 0 } as const

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}

/** The largest difference between two vectors, relative to the largest expected value; NaN if a value is NaN. */
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
 * @throws Error if the answer has another length, or differs by more than the tolerance
 */
export function checkAnswer(answer: Float32Array, batch: number, { rows, kind }: Expected): void {
  for (const { picture, values } of rows) {
    if (answer.length !== batch * values.length) {
      throw new Error(`gives a wrong answer: ${answer.length} values instead of ${batch} x ${values.length}`)
    }
    const off = difference(answer.subarray(picture * values.length, (picture + 1) * values.length), values)
    if (!(off <= tolerances[kind])) {
      throw new Error(`gives a wrong answer: off by ${off.toPrecision(3)} of the largest value; ${tolerances[kind]} is allowed`)
    }
  }
}
