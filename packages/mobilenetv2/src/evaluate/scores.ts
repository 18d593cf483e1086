import { type Classes, readsAsSoftmax } from '@mobilenetv2/weights'

/** The logits of one picture, and how they become probabilities. */
export interface Scores {
  /** `[classes]`, a background class included. */
  readonly values: Float32Array
  readonly kind: 'softmax' | 'sigmoid'
}

/**
 * Reads logits as `classify` does. A single output with two labels is the difference between their logits, so it becomes a softmax of
 * two.
 */
export function scoresOf(logits: Float32Array, { output, labels }: Pick<Classes, 'output' | 'labels'>): Scores {
  if (readsAsSoftmax(output, logits.length)) return { values: logits, kind: 'softmax' }
  if (logits.length === 1 && labels.length === 2) return { values: Float32Array.of(0, logits[0]!), kind: 'softmax' }
  return { values: logits, kind: 'sigmoid' }
}

/** log(1 + e^x), without overflow for any x. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
}

/** The logarithm of the sum of e^(scale * value). */
function logSumExp(values: Float32Array, scale: number): number {
  let most = Number.NEGATIVE_INFINITY
  for (const value of values) most = Math.max(most, scale * value)
  let sum = 0
  for (const value of values) sum += Math.exp(scale * value - most)
  return most + Math.log(sum)
}

/**
 * The probability of one class, 0 to 1, in float64.
 * @param at the class's index among the scores
 * @param scale multiplies the scores first: the reciprocal of a temperature
 */
export function probabilityOf({ values, kind }: Scores, at: number, scale = 1): number {
  const value = scale * values[at]!
  return Math.exp(kind === 'softmax' ? value - logSumExp(values, scale) : -softplus(-value))
}

/**
 * The loss of one picture, in nats. Softmax: the cross-entropy, -log of the right class's probability. Sigmoid: the binary cross-entropy,
 * as the mean over the classes, each of which is right or wrong by itself.
 * @param right the index of the right class among the scores
 * @param scale multiplies the scores first: the reciprocal of a temperature
 */
export function lossOf({ values, kind }: Scores, right: number, scale = 1): number {
  if (kind === 'softmax') return logSumExp(values, scale) - scale * values[right]!
  let sum = -scale * values[right]!
  for (const value of values) sum += softplus(scale * value)
  return sum / values.length
}
