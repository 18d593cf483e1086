import type { HeadActivation } from '@mobilenetv2/spec'
import type { OnnxNode, OnnxTensor } from './messages.js'

/** The numbers that activations need, as constants of the graph. */
const numbers = {
  'number/0': 0,
  'number/half': 0.5,
  'number/1': 1,
  'number/6': 6,
  'number/sqrt(1/2)': Math.SQRT1_2,
  'number/sqrt(2/pi)': Math.sqrt(2 / Math.PI),
  'number/0.044715': 0.044715,
} as const

type NumberName = keyof typeof numbers

/** The constants that nodes read. */
export function numbersIn(nodes: readonly OnnxNode[]): OnnxTensor[] {
  const read = new Set(nodes.flatMap(({ inputs }) => inputs))
  return Object.entries(numbers)
    .filter(([name]) => read.has(name))
    .map(([name, value]) => ({ name, shape: [], values: Float32Array.of(value) }))
}

/** The nodes of an activation, in operators that operator set 13 has; their names begin with that of the input. */
export function activationNodes(activation: Exclude<HeadActivation, 'linear'>, x: string, output: string): OnnxNode[] {
  const nodes: OnnxNode[] = []
  const node = (operator: OnnxNode['operator'], inputs: readonly string[], to: string, attributes: OnnxNode['attributes'] = {}) => {
    nodes.push({ operator, inputs, output: to, attributes })
    return to
  }
  const number = (name: NumberName): NumberName => name
  const between = (part: string): string => `${x}/${part}`
  const halfOfSum = (share: string): void => {
    const half = node('Mul', [x, number('number/half')], between('half'))
    node('Mul', [half, node('Add', [share, number('number/1')], between('share'))], output)
  }
  switch (activation) {
    case 'relu':
      node('Clip', [x, number('number/0')], output)
      break
    case 'relu6':
      node('Clip', [x, number('number/0'), number('number/6')], output)
      break
    case 'sigmoid':
      node('Sigmoid', [x], output)
      break
    case 'tanh':
      node('Tanh', [x], output)
      break
    case 'elu':
      node('Elu', [x], output)
      break
    case 'selu':
      node('Selu', [x], output)
      break
    case 'silu':
      node('Mul', [x, node('Sigmoid', [x], between('sigmoid'))], output)
      break
    case 'hardSwish':
      node('Mul', [x, node('HardSigmoid', [x], between('hardSigmoid'), { alpha: { float: 1 / 6 }, beta: { float: 0.5 } })], output)
      break
    case 'gelu':
      halfOfSum(node('Erf', [node('Mul', [x, number('number/sqrt(1/2)')], between('scaled'))], between('erf')))
      break
    case 'geluTanh': {
      const cube = node('Mul', [node('Mul', [x, x], between('square')), x], between('cube'))
      const sum = node('Add', [x, node('Mul', [cube, number('number/0.044715')], between('part'))], between('sum'))
      halfOfSum(node('Tanh', [node('Mul', [sum, number('number/sqrt(2/pi)')], between('scaled'))], between('tanh')))
      break
    }
    default:
      node('LeakyRelu', [x], output, { alpha: { float: Number(activation.slice('leakyRelu:'.length)) } })
  }
  return nodes
}
