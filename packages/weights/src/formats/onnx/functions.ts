import { erf, sigmoid } from '@mobilenetv2/spec/activate'
import { activationFunction, leakyRelu } from '../../graph/functions.js'
import { floatOf } from './attributes.js'
import type { OnnxNode } from './model.js'

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
}

function hardSigmoid(alpha: number, beta: number): (x: number) => number {
  return (x) => Math.min(Math.max(alpha * x + beta, 0), 1)
}

/**
 * The function that a node applies to each value of one activation, with the parameters in its attributes; null for another node.
 * Functions that only ONNX Runtime has, such as `QuickGelu`, are included.
 */
export function functionOf(node: OnnxNode): ((x: number) => number) | null {
  switch (node.operation) {
    case 'Sigmoid':
    case 'QLinearSigmoid':
      return sigmoid
    case 'Tanh':
      return Math.tanh
    case 'Relu':
      return activationFunction('relu')
    case 'LeakyRelu':
    case 'QLinearLeakyRelu':
      return leakyRelu(floatOf(node, 'alpha', 0.01))
    case 'Elu': {
      const alpha = floatOf(node, 'alpha', 1)
      return (x) => (x > 0 ? x : alpha * Math.expm1(x))
    }
    case 'Selu': {
      const [alpha, gamma] = [floatOf(node, 'alpha', 1.6732632), floatOf(node, 'gamma', 1.050701)]
      return (x) => gamma * (x > 0 ? x : alpha * Math.expm1(x))
    }
    case 'HardSigmoid':
      return hardSigmoid(floatOf(node, 'alpha', 0.2), floatOf(node, 'beta', 0.5))
    case 'HardSwish':
      return (x) => x * hardSigmoid(1 / 6, 0.5)(x)
    case 'Gelu':
      return node.attributes.get('approximate')?.text === 'tanh' ? activationFunction('geluTanh') : activationFunction('gelu')
    case 'FastGelu':
      return activationFunction('geluTanh')
    case 'QuickGelu': {
      const alpha = floatOf(node, 'alpha', 1.702)
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
export function fusedFunction(activation: string, parameters: readonly number[]): ((x: number) => number) | null {
  const [first = 0, second = 0] = parameters
  switch (activation) {
    case 'Relu':
      return activationFunction('relu')
    case 'Clip':
      return (x) => Math.min(Math.max(x, first), second)
    case 'Sigmoid':
      return sigmoid
    case 'Tanh':
      return Math.tanh
    case 'LeakyRelu':
      return leakyRelu(first)
    case 'HardSigmoid':
      return hardSigmoid(first, second)
    default:
      return null
  }
}
