import { type HeadActivation, leakyReluSlope } from './activations.js'

/**
 * The error function: 2 / sqrt(pi) exp(-x²) times the sum of 2^n x^(2n + 1) / (1 3 5 … (2n + 1)) (Abramowitz and Stegun, 7.1.6). All
 * terms have the same sign, so the sum is exact to the last digits of float64. From x = 6 on, the function is 1 in float64.
 * @internal
 */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x)
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

/**
 * The logistic function, 1 / (1 + exp(-x)).
 * @internal
 */
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

const relu6 = (x: number): number => Math.min(Math.max(x, 0), 6)

/**
 * Applies an activation to one value, in float64, as PyTorch and Keras define it. `selu` is that of Klambauer et al., arXiv 1706.02515.
 * @example
 * ```ts
 * import { activate } from '@mobilenetv2/spec/activate'
 *
 * activate('relu6', 7.5) // => 6
 * ```
 */
export function activate(activation: HeadActivation, x: number): number {
  switch (activation) {
    case 'linear':
      return x
    case 'relu':
      return Math.max(x, 0)
    case 'relu6':
      return relu6(x)
    case 'sigmoid':
      return sigmoid(x)
    case 'tanh':
      return Math.tanh(x)
    case 'elu':
      return x > 0 ? x : Math.expm1(x)
    case 'selu':
      return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x))
    case 'silu':
      return x * sigmoid(x)
    case 'gelu':
      return (x * (1 + erf(x / Math.SQRT2))) / 2
    case 'geluTanh':
      return (x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))) / 2
    case 'hardSwish':
      return (x * relu6(x + 3)) / 6
    default:
      return x >= 0 ? x : x * leakyReluSlope(activation)
  }
}
