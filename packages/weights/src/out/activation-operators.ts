import { type Activation, type HeadActivation, leakyReluSlope } from '@mobilenetv2/spec'

/** One of the operators of which an activation is composed, with its name in ONNX. An input that is a number is a constant. */
export interface ActivationOperator {
  readonly operator: 'Sigmoid' | 'HardSigmoid' | 'Tanh' | 'Elu' | 'Selu' | 'LeakyRelu' | 'Erf' | 'Mul' | 'Add'
  readonly inputs: readonly [string] | readonly [string, string | number]
  readonly output: string
  /** The slope below 0; only `LeakyRelu` has one. */
  readonly slope?: number | undefined
}

/**
 * The operators that compute an activation, in the order in which they run. PyTorch exports the same ones. `HardSigmoid` is relu6(x + 3) /
 * 6, as in PyTorch and Keras, which is not ONNX's default.
 * @param x the name of the input; the names of intermediate results begin with it
 * @param output the name of the result of the last operator
 */
export function activationOperators(
  activation: Exclude<HeadActivation, Activation>,
  x: string,
  output: string,
): ActivationOperator[] {
  const operators: ActivationOperator[] = []
  const add = (
    operator: ActivationOperator['operator'],
    inputs: ActivationOperator['inputs'],
    to = `${x}/${operators.length}`,
  ): string => {
    operators.push({ operator, inputs, output: to })
    return to
  }
  /** x (1 + share) / 2 */
  const gated = (share: string): string => add('Mul', [add('Mul', [x, add('Add', [share, 1])]), 0.5], output)
  switch (activation) {
    case 'sigmoid':
      add('Sigmoid', [x], output)
      break
    case 'tanh':
      add('Tanh', [x], output)
      break
    case 'elu':
      add('Elu', [x], output)
      break
    case 'selu':
      add('Selu', [x], output)
      break
    case 'silu':
      add('Mul', [x, add('Sigmoid', [x])], output)
      break
    case 'hardSwish':
      add('Mul', [x, add('HardSigmoid', [x])], output)
      break
    case 'gelu':
      gated(add('Erf', [add('Mul', [x, Math.SQRT1_2])]))
      break
    case 'geluTanh': {
      const cube = add('Mul', [add('Mul', [x, x]), x])
      const sum = add('Add', [x, add('Mul', [cube, 0.044715])])
      gated(add('Tanh', [add('Mul', [sum, Math.sqrt(2 / Math.PI)])]))
      break
    }
    default:
      operators.push({ operator: 'LeakyRelu', inputs: [x], output, slope: leakyReluSlope(activation) })
  }
  return operators
}
