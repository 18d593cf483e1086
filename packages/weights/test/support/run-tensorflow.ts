import {
  type Axes,
  combined,
  convolved,
  demand,
  mapped,
  multiplied,
  reduced,
  transposed,
  UndefinedGraph,
  type Values,
} from './array-operations.js'

/** An attribute of a node, whose value is one of these. */
export interface TfAttribute {
  readonly text?: string | undefined
  readonly number?: number | undefined
  readonly flag?: boolean | undefined
  readonly numbers?: readonly number[] | undefined
  readonly texts?: readonly string[] | undefined
}

/** A node of a `GraphDef`, of whatever form. */
export interface TfNode {
  readonly name: string
  readonly operation: string
  readonly inputs: readonly string[]
  readonly attributes: ReadonlyMap<string, TfAttribute>
}

/** Maps are `[batch, height, width, channels]`. */
export const mapAxes: Axes = { others: 0, rows: 1, columns: 2, inputs: 3 }
/** Kernels are `[height, width, inputs, outputs]`. */
export const kernelAxes: Axes = { rows: 0, columns: 1, inputs: 2, others: 3 }

function activated(values: Values, operation: string): Values {
  switch (operation) {
    case 'Relu':
      return mapped(values, (value) => Math.max(value, 0))
    case 'Relu6':
      return mapped(values, (value) => Math.min(Math.max(value, 0), 6))
    case 'Elu':
      return mapped(values, (value) => (value < 0 ? Math.expm1(value) : value))
    case 'Sigmoid':
      return mapped(values, (value) => 1 / (1 + Math.exp(-value)))
    case 'Tanh':
      return mapped(values, Math.tanh)
    default:
      throw new UndefinedGraph(`the operation ${operation}`)
  }
}

/** The zeros on both sides of an axis that SAME stands for. */
export function sameZeros(size: number, window: number, stride: number): readonly [before: number, after: number] {
  const zeros = Math.max((Math.ceil(size / stride) - 1) * stride + window - size, 0)
  return [Math.floor(zeros / 2), Math.ceil(zeros / 2)]
}

function convolution({ attributes }: TfNode, map: Values, kernel: Values, isDepthwise: boolean): Values {
  const list = (name: string): readonly number[] => {
    // An empty list means the same as none.
    const given = attributes.get(name)?.numbers ?? []
    const numbers = given.length === 0 ? [1, 1, 1, 1] : given
    demand(numbers.length === 4 && numbers[0] === 1 && numbers[3] === 1, `${name} [${numbers}]`)
    return numbers.slice(1, 3)
  }
  demand((attributes.get('data_format')?.text ?? 'NHWC') === 'NHWC', 'data_format')
  demand(map.shape.length === 4 && kernel.shape.length === 4, `a convolution of [${map.shape}] by [${kernel.shape}]`)
  const [strides, dilations] = [list('strides'), list('dilations')]
  const [height, width, inputs, outputs] = kernel.shape as [number, number, number, number]
  const padding = attributes.get('padding')?.text
  let [before, after] = [
    [0, 0],
    [0, 0],
  ]
  if (padding === 'SAME') {
    const zeros = [0, 1].map((axis) =>
      sameZeros(map.shape[axis + 1]!, ([height, width][axis]! - 1) * dilations[axis]! + 1, strides[axis]!),
    )
    before = zeros.map(([first]) => first)
    after = zeros.map(([, second]) => second)
  } else if (padding === 'EXPLICIT') {
    const given = attributes.get('explicit_paddings')?.numbers ?? []
    demand(given.length === 8 && [0, 1, 6, 7].every((index) => given[index] === 0), `explicit_paddings [${given}]`)
    before = [given[2]!, given[4]!]
    after = [given[3]!, given[5]!]
  } else demand(padding === 'VALID', `padding ${padding}`)
  const groups = isDepthwise ? inputs : 1
  const grouped = isDepthwise ? { shape: [height, width, 1, inputs * outputs], values: kernel.values } : kernel
  return convolved(map, mapAxes, grouped, kernelAxes, { strides, dilations, before, after, groups })
}

function biased(values: Values, bias: Values | undefined): Values {
  demand(bias?.shape.length === 1 && bias.shape[0] === values.shape.at(-1), `a bias of [${bias?.shape}] for [${values.shape}]`)
  return combined(values, bias, (a, b) => a + b)
}

/** The result of an operation, and what is fused into it. */
function fused({ operation, attributes }: TfNode, result: Values, rest: readonly Values[]): Values {
  const operations = operation.includes('Fused') ? (attributes.get('fused_ops')?.texts ?? []) : []
  return operations.reduce((values, next) => (next === 'BiasAdd' ? biased(values, rest[0]) : activated(values, next)), result)
}

function compute(node: TfNode, inputs: readonly Values[]): Values {
  const { operation, attributes } = node
  const [x, y, ...rest] = inputs
  demand(x !== undefined, `${operation} of nothing`)
  const flag = (name: string): boolean => attributes.get(name)?.flag ?? false
  const second = (): Values => {
    demand(y !== undefined, `${operation} of one`)
    return y
  }
  switch (operation) {
    case '_FusedConv2D':
      return fused(node, convolution(node, x, second(), false), rest)
    case 'FusedDepthwiseConv2dNative':
      return fused(node, convolution(node, x, second(), true), rest)
    case '_FusedMatMul': {
      const turned = (values: Values, name: string): Values => (flag(name) ? transposed(values, [1, 0]) : values)
      // A map of one position is a row, also where nothing flattens it.
      const row = x.shape.length === 4 && x.shape[1] === 1 && x.shape[2] === 1 ? { ...x, shape: [x.shape[0]!, x.shape[3]!] } : x
      return fused(node, multiplied(turned(row, 'transpose_a'), turned(second(), 'transpose_b')), rest)
    }
    case 'Mean':
    case 'Max':
      demand(rest.length === 0, `${operation} of ${inputs.length}`)
      return reduced(x, [...second().values], flag('keep_dims'), operation === 'Max' ? 'max' : 'mean')
    case 'AddV2':
    case 'Mul':
      demand(rest.length === 0, `${operation} of ${inputs.length}`)
      return combined(x, second(), operation === 'Mul' ? (a, b) => a * b : (a, b) => a + b)
    case 'Reshape': {
      const shape = [...second().values]
      const known = shape.filter((extent) => extent !== -1).reduce((product, extent) => product * extent, 1)
      const whole = shape.map((extent) => (extent === -1 ? x.values.length / known : extent))
      const total = whole.reduce((product, extent) => product * extent, 1)
      demand(
        total === x.values.length && whole.every(Number.isInteger) && shape.filter((extent) => extent === -1).length <= 1,
        `[${shape}] of [${x.shape}]`,
      )
      return { shape: whole, values: x.values }
    }
    case 'LeakyRelu': {
      const slope = attributes.get('alpha')?.number ?? 0.2
      return mapped(x, (value) => (value < 0 ? slope * value : value))
    }
    case 'Identity':
      return x
    default:
      demand(inputs.length === 1, `${operation} of ${inputs.length}`)
      return activated(x, operation)
  }
}

/** The name of the node whose first output an input is. */
function sourceOf(input: string): string {
  return input.replace(/:0$/, '')
}

/**
 * Computes one output of a graph by the definitions of TensorFlow's operations.
 * @param constants the values of nodes that compute nothing, which readers also take by their names alone
 * @param output the name of a node, or of its first output
 * @throws UndefinedGraph if the graph does not say what to compute
 */
export function runTensorflow(
  nodes: readonly TfNode[],
  constants: ReadonlyMap<string, Values>,
  output: string,
  input: Values,
): Values {
  const byName = new Map<string, TfNode>()
  for (const node of nodes) {
    demand(!byName.has(node.name), `two nodes ${node.name}`)
    byName.set(node.name, node)
  }
  for (const from of nodes.flatMap(({ inputs }) => inputs)) {
    const source = sourceOf(from.replace(/^\^/, ''))
    demand(byName.has(source) || constants.has(source), `a node takes ${source}, which is not there`)
  }
  const values = new Map<string, Values>()
  /** The placeholder that is given the input. Others may be there, which the output does not need. */
  let fed: string | null = null
  const computed = (name: string, above: readonly string[]): Values => {
    const known = values.get(name)
    if (known !== undefined) return known
    const node = byName.get(name)
    const constant = constants.get(name)
    if (constant !== undefined && (node === undefined || node.operation === 'Const')) return constant
    demand(node !== undefined && !above.includes(name), `${name} is not there, or waits for itself`)
    demand(node.operation !== 'Const', `the constant ${name}`)
    if (node.operation === 'Placeholder') {
      demand(fed === null, `two inputs, ${fed} and ${name}`)
      fed = name
      values.set(name, input)
      return input
    }
    const inside = [...above, name]
    // An input that starts with `^` states an order of execution, and gives no value.
    const inputs = node.inputs.filter((from) => !from.startsWith('^'))
    const value = compute(
      node,
      inputs.map((from) => computed(sourceOf(from), inside)),
    )
    values.set(name, value)
    return value
  }
  return computed(sourceOf(output), [])
}
