import { activate } from '@mobilenetv2/spec/activate'
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
  valuesOf,
} from './array-operations.js'
import type { Tree } from './structure.js'
import { bytesIn, listIn, memberIn, numberIn, textIn } from './tree-values.js'

/** The last value of a field, as protobuf has it; undefined if it is left out. */
function last(tree: Tree | undefined, name: string): Tree | undefined {
  return listIn(memberIn(tree, name)).at(-1)
}

const texts = (tree: Tree | undefined, name: string): string[] => listIn(memberIn(tree, name)).map(textIn)
const numbers = (tree: Tree | undefined, name: string): number[] =>
  listIn(memberIn(tree, name)).map((value) => Math.trunc(numberIn(value)))

/** The attributes of a node: a number, or whole numbers. Readers leave out an attribute that no operator has. */
function attributesOf(node: Tree): ReadonlyMap<string, number | number[]> {
  return new Map(
    listIn(memberIn(node, 'attributes')).map((attribute) => {
      const [float, integer] = [last(attribute, 'float'), last(attribute, 'integer')]
      const list = numbers(attribute, 'integers')
      const number = integer === undefined ? Math.fround(numberIn(float)) : Math.trunc(numberIn(integer))
      // A number that is left out is 0.
      const type = Math.trunc(numberIn(last(attribute, 'type')))
      const isNumber = integer !== undefined || float !== undefined || (list.length === 0 && (type === 1 || type === 2))
      return [textIn(last(attribute, 'name')), isNumber ? number : list]
    }),
  )
}

function constants(graph: Tree): Map<string, Values> {
  const values = new Map<string, Values>()
  for (const tensor of listIn(memberIn(graph, 'tensors'))) {
    const raw = bytesIn(last(tensor, 'raw'))
    const name = textIn(last(tensor, 'name'))
    demand(Math.trunc(numberIn(last(tensor, 'type'))) === 1 && raw.length % 4 === 0 && !values.has(name), `the constant ${name}`)
    values.set(name, valuesOf(numbers(tensor, 'extents'), new Float32Array(raw.slice().buffer)))
  }
  return values
}

/** Maps are `[batch, channels, height, width]`, kernels `[outputs, inputs of a group, height, width]`. */
const axes: Axes = { others: 0, inputs: 1, rows: 2, columns: 3 }

function convolution(node: Tree, [map, kernel, bias]: readonly (Values | null)[]): Values {
  const attributes = attributesOf(node)
  const list = (name: string, otherwise: readonly number[]): readonly number[] => {
    const value = attributes.get(name) ?? otherwise
    demand(Array.isArray(value) && value.length === otherwise.length, name)
    return value
  }
  const group = attributes.get('group') ?? 1
  demand(map != null && kernel != null && typeof group === 'number', 'a convolution of nothing')
  const [top, left, bottom, right] = list('pads', [0, 0, 0, 0]) as [number, number, number, number]
  demand(map.shape.length === 4 && kernel.shape.length === 4, `a convolution of [${map.shape}] by [${kernel.shape}]`)
  const shape = list('kernel_shape', kernel.shape.slice(2))
  demand(shape[0] === kernel.shape[2] && shape[1] === kernel.shape[3], `kernel_shape [${shape}]`)
  const sum = convolved(map, axes, kernel, axes, {
    strides: list('strides', [1, 1]),
    dilations: list('dilations', [1, 1]),
    before: [top, left],
    after: [bottom, right],
    groups: group,
  })
  demand(bias == null || (bias.shape.length === 1 && bias.shape[0] === kernel.shape[0]), 'a bias')
  return bias == null ? sum : combined(sum, { ...bias, shape: [bias.values.length, 1, 1] }, (a, b) => a + b)
}

function gemm(node: Tree, [one, other, bias]: readonly (Values | null)[]): Values {
  const attributes = attributesOf(node)
  const number = (name: string, otherwise: number): number => {
    const value = attributes.get(name) ?? otherwise
    demand(typeof value === 'number', name)
    return value
  }
  demand(one != null && other != null && one.shape.length === 2 && other.shape.length === 2, 'a product of nothing')
  const turned = (values: Values, name: string): Values => (number(name, 0) === 0 ? values : transposed(values, [1, 0]))
  const product = mapped(multiplied(turned(one, 'transA'), turned(other, 'transB')), (value) => value * number('alpha', 1))
  return bias == null
    ? product
    : combined(
        product,
        mapped(bias, (value) => value * number('beta', 1)),
        (a, b) => a + b,
      )
}

function erf(x: number): number {
  return activate('gelu', x * Math.SQRT2) / ((x * Math.SQRT2) / 2) - 1 || 0
}

function compute(node: Tree, inputs: readonly (Values | null)[]): Values {
  const operator = textIn(last(node, 'operator'))
  const attributes = attributesOf(node)
  const number = (name: string, otherwise: number): number => {
    const value = attributes.get(name) ?? otherwise
    demand(typeof value === 'number', name)
    return value
  }
  const [x, y, z] = inputs
  demand(x != null, `${operator} of nothing`)
  const most = (length: number): void => demand(inputs.length <= length, `${operator} of ${inputs.length} inputs`)
  switch (operator) {
    case 'Conv':
      most(3)
      return convolution(node, inputs)
    case 'Gemm':
      most(3)
      return gemm(node, inputs)
    case 'GlobalAveragePool':
    case 'GlobalMaxPool': {
      most(1)
      const axes = x.shape.map((_, axis) => axis).slice(2)
      return reduced(x, axes, true, operator === 'GlobalMaxPool' ? 'max' : 'mean')
    }
    case 'Flatten': {
      most(1)
      const axis = number('axis', 1)
      const at = axis < 0 ? axis + x.shape.length : axis
      demand(at >= 0 && at <= x.shape.length, `axis ${axis}`)
      const product = (extents: readonly number[]): number => extents.reduce((total, extent) => total * extent, 1)
      return { shape: [product(x.shape.slice(0, at)), product(x.shape.slice(at))], values: x.values }
    }
    case 'Transpose': {
      most(1)
      const order = attributes.get('perm') ?? x.shape.map((_, axis) => axis).reverse()
      demand(Array.isArray(order), 'perm')
      return transposed(x, order)
    }
    case 'Identity':
      most(1)
      return x
    case 'Add':
    case 'Mul':
      most(2)
      demand(y != null, `${operator} of one`)
      return combined(x, y, operator === 'Add' ? (a, b) => a + b : (a, b) => a * b)
    case 'Clip': {
      most(3)
      demand(
        [y, z].every((bound) => bound == null || bound.shape.every((extent) => extent === 1)),
        'a bound that is no number',
      )
      const [low, high] = [y?.values[0] ?? Number.NEGATIVE_INFINITY, z?.values[0] ?? Number.POSITIVE_INFINITY]
      return mapped(x, (value) => Math.min(Math.max(value, low), high))
    }
    case 'Sigmoid':
    case 'Tanh':
    case 'Erf': {
      most(1)
      const functions = { Sigmoid: (value: number) => 1 / (1 + Math.exp(-value)), Tanh: Math.tanh, Erf: erf }
      return mapped(x, functions[operator])
    }
    case 'LeakyRelu': {
      most(1)
      const alpha = number('alpha', 0.01)
      return mapped(x, (value) => (value < 0 ? alpha * value : value))
    }
    case 'Elu': {
      most(1)
      const alpha = number('alpha', 1)
      return mapped(x, (value) => (value < 0 ? alpha * Math.expm1(value) : value))
    }
    case 'HardSigmoid': {
      most(1)
      const [alpha, beta] = [attributes.get('alpha') ?? 0.2, attributes.get('beta') ?? 0.5]
      demand(typeof alpha === 'number' && typeof beta === 'number', 'alpha and beta')
      return mapped(x, (value) => Math.max(0, Math.min(1, alpha * value + beta)))
    }
    default:
      throw new UndefinedGraph(`the operator ${operator}`)
  }
}

/**
 * Computes the first output of a graph that `toOnnx` wrote and that may have been changed since, by the definition of ONNX's operators.
 * @param input `[1, 3, height, width]`, or as the graph has its input
 * @throws UndefinedGraph if the graph does not say what to compute
 */
export function runOnnx(model: Tree, input: Values): Values {
  const graph = last(model, 'graph')
  demand(graph !== undefined && listIn(memberIn(model, 'graph')).length === 1, 'no graph')
  const values = constants(graph)
  const inputs = listIn(memberIn(graph, 'inputs'))
  demand(inputs.length === 1, `${inputs.length} inputs`)
  const name = textIn(last(inputs[0], 'name'))
  demand(name !== '' && !values.has(name), 'an input without a name of its own')
  values.set(name, input)
  const nodes = new Map<string, Tree>()
  for (const node of listIn(memberIn(graph, 'nodes'))) {
    for (const output of texts(node, 'outputs')) {
      demand(!nodes.has(output) && !values.has(output), `two outputs ${output}`)
      nodes.set(output, node)
    }
  }
  // Readers put nodes into the order in which they run, and leave out those that no output needs.
  const computed = (wanted: string, above: readonly string[]): Values => {
    const known = values.get(wanted)
    if (known !== undefined) return known
    const node = nodes.get(wanted)
    demand(node !== undefined && !above.includes(wanted), `${wanted} is not there, or waits for itself`)
    demand(texts(node, 'outputs').length === 1, `the outputs of ${wanted}`)
    const inside = [...above, wanted]
    const value = compute(
      node,
      texts(node, 'inputs').map((from) => (from === '' ? null : computed(from, inside))),
    )
    values.set(wanted, value)
    return value
  }
  // A graph that states no output ends at the last node that no other node takes.
  const [output] = listIn(memberIn(graph, 'outputs'))
  const taken = new Set([...nodes.values()].flatMap((node) => texts(node, 'inputs')))
  const end = [...nodes.keys()].findLast((name) => !taken.has(name)) ?? ''
  return computed(output === undefined ? end : textIn(last(output, 'name')), [])
}
