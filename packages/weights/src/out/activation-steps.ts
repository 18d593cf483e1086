import { type Activation, type HeadActivation, leakyReluSlope } from '@mobilenetv2/spec'

/** One operator of an activation that has none of its own in every format. A number stands for a constant. */
export interface ActivationStep {
  readonly operator: 'Sigmoid' | 'HardSigmoid' | 'Tanh' | 'Elu' | 'Selu' | 'LeakyRelu' | 'Erf' | 'Mul' | 'Add'
  readonly inputs: readonly [string] | readonly [string, string | number]
  readonly output: string
  /** Of `LeakyRelu`, the slope below 0. */
  readonly slope?: number | undefined
}

/**
 * An activation in operators that ONNX and TensorFlow have, as PyTorch and Keras export it. `HardSigmoid` is relu6(x + 3) / 6.
 * @param x the name of the input; names of what lies between begin with it
 */
export function activationSteps(activation: Exclude<HeadActivation, Activation>, x: string, output: string): ActivationStep[] {
  const steps: ActivationStep[] = []
  const step = (operator: ActivationStep['operator'], inputs: ActivationStep['inputs'], to = `${x}/${steps.length}`): string => {
    steps.push({ operator, inputs, output: to })
    return to
  }
  /** x (1 + share) / 2 */
  const gated = (share: string): string => step('Mul', [step('Mul', [x, step('Add', [share, 1])]), 0.5], output)
  switch (activation) {
    case 'sigmoid':
      step('Sigmoid', [x], output)
      break
    case 'tanh':
      step('Tanh', [x], output)
      break
    case 'elu':
      step('Elu', [x], output)
      break
    case 'selu':
      step('Selu', [x], output)
      break
    case 'silu':
      step('Mul', [x, step('Sigmoid', [x])], output)
      break
    case 'hardSwish':
      step('Mul', [x, step('HardSigmoid', [x])], output)
      break
    case 'gelu':
      gated(step('Erf', [step('Mul', [x, Math.SQRT1_2])]))
      break
    case 'geluTanh': {
      const cube = step('Mul', [step('Mul', [x, x]), x])
      const sum = step('Add', [x, step('Mul', [cube, 0.044715])])
      gated(step('Tanh', [step('Mul', [sum, Math.sqrt(2 / Math.PI)])]))
      break
    }
    default:
      steps.push({ operator: 'LeakyRelu', inputs: [x], output, slope: leakyReluSlope(activation) })
  }
  return steps
}
