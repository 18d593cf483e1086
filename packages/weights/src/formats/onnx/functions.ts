import { erf, sigmoid } from '@mobilenetv2/spec/activate'
import { activationFunction, leakyRelu } from '../../graph/functions.js'

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
}

function hardSigmoid(alpha: number, beta: number): (x: number) => number {
  return (x) => Math.min(Math.max(alpha * x + beta, 0), 1)
}

/**
 * The function that an operator applies to each value of one activation; null for another operator. Functions that only ONNX Runtime has,
 * such as `QuickGelu`, are included.
 * @param floatAt gives a parameter by its name, which has another value if it is not stated
 * @param isTanh whether a GELU is approximated by tanh
 */
export function functionOf(
  operation: string,
  floatAt: (name: string, otherwise: number) => number,
  isTanh: boolean,
): ((x: number) => number) | null {
  switch (operation) {
    case 'Sigmoid':
    case 'QLinearSigmoid':
      return sigmoid
    case 'Tanh':
      return Math.tanh
    case 'Relu':
      return activationFunction('relu')
    case 'LeakyRelu':
    case 'QLinearLeakyRelu':
      return leakyRelu(floatAt('alpha', 0.01))
    case 'Elu': {
      const alpha = floatAt('alpha', 1)
      return (x) => (x > 0 ? x : alpha * Math.expm1(x))
    }
    case 'Selu': {
      const [alpha, gamma] = [floatAt('alpha', 1.6732632), floatAt('gamma', 1.050701)]
      return (x) => gamma * (x > 0 ? x : alpha * Math.expm1(x))
    }
    case 'HardSigmoid':
      return hardSigmoid(floatAt('alpha', 0.2), floatAt('beta', 0.5))
    case 'HardSwish':
      return (x) => x * hardSigmoid(1 / 6, 0.5)(x)
    case 'Gelu':
      return activationFunction(isTanh ? 'geluTanh' : 'gelu')
    case 'FastGelu':
      return activationFunction('geluTanh')
    case 'QuickGelu': {
      const alpha = floatAt('alpha', 1.702)
      return (x) => x * sigmoid(alpha * x)
    }
    case 'Softplus':
      return softplus
    case 'Mish':
      return (x) => x * Math.tanh(softplus(x))
    case 'Erf':
      return erf
    case 'Exp':
      return Math.exp
    case 'Log':
      return Math.log
    case 'Neg':
      return (x) => -x
    case 'Abs':
      return Math.abs
    case 'Sqrt':
      return Math.sqrt
    case 'Reciprocal':
      return (x) => 1 / x
    default:
      return null
  }
}

/** The function that ONNX Runtime fused into a convolution or a product; null if it is not known. */
export function fusedFunction(activation: string, [first = 0, second = 0]: readonly number[]): ((x: number) => number) | null {
  if (activation === 'Clip') return (x) => Math.min(Math.max(x, first), second)
  return functionOf(activation, (name) => (name === 'alpha' ? first : second), false)
}
