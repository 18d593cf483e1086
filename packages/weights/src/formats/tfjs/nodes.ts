import type { Padding } from '@mobilenetv2/spec'
import { erf, sigmoid } from '@mobilenetv2/spec/activate'
import { type StoredTensor, valueCount } from '../../checkpoint.js'
import { assumedExtent, extentIn, mapAxes, shapeOf } from '../../graph/axes.js'
import { activationFunction, choices, leakyRelu } from '../../graph/functions.js'
import { type Arithmetic, buildGraph, type Operand, refuseOperator } from '../../graph/graph-builder.js'
import { checkInputCount, inputCounts } from '../../graph/input-counts.js'
import { neededNodes } from '../../graph/needed-nodes.js'
import type { GraphNode } from '../../graph/node.js'
import { tensorflowLayouts } from '../../layout.js'
import { vectorValues } from '../../values.js'
import { foldConstants } from '../fold-constants.js'
import { mostShapeValues, type ShapeValues } from '../shape-values.js'
import type { TensorflowAttributes } from '../tensorflow/attributes.js'
import { inputOf } from '../tensorflow/graph-input.js'
import { nodeNameOf } from '../tensorflow/node-name.js'
import { shapeOfNode } from '../tensorflow/shapes.js'

/** A node of TensorFlow's GraphDef. */
export interface TensorflowNode {
  readonly name: string
  readonly operation: string
  readonly inputs: readonly string[]
  readonly attributes: TensorflowAttributes
}

interface Window {
  readonly stride: number
  readonly padding: 'same' | 'valid' | Padding
}

function refuse({ operation, name }: TensorflowNode, expected: string, got: string, remedy?: string): never {
  return refuseOperator({ operation, output: name }, expected, got, remedy)
}

/** The padding of a node: SAME, VALID, or EXPLICIT with zeros before and after batch, height, width and channels. */
function paddingOf(node: TensorflowNode): Window['padding'] {
  const padding = node.attributes.text('padding')
  if (padding === 'SAME') return 'same'
  if (padding === 'VALID') return 'valid'
  const sides = node.attributes.integers('explicit_paddings')
  const [batchBefore, batchAfter, top, bottom, left, right, channelBefore, channelAfter] = sides
  const others = [batchBefore, batchAfter, channelBefore, channelAfter].every((zeros) => zeros === 0)
  if (padding !== 'EXPLICIT' || sides.length !== 8 || !others) {
    return refuse(node, 'padding SAME, VALID, or EXPLICIT of height and width', `${padding} ${sides.slice(0, 8).join(', ')}`)
  }
  return { top: top!, bottom: bottom!, left: left!, right: right! }
}

/** Stride and padding of an operator with a window, `[1, stride, stride, 1]`. */
function windowOf(node: TensorflowNode): Window {
  const strides = node.attributes.integers('strides')
  const [batch, stride, strideWidth, channels, more] = strides
  const dilations = node.attributes.integers('dilations')
  const format = node.attributes.text('data_format') ?? 'NHWC'
  if (batch !== 1 || channels !== 1 || more !== undefined || stride === undefined || !(stride >= 1) || strideWidth !== stride) {
    return refuse(node, 'one stride', `strides ${strides.slice(0, 8).join(', ')}`)
  }
  if (![0, 4].includes(dilations.length) || dilations.some((dilation) => dilation !== 1))
    refuse(node, 'no dilation', `dilations ${dilations.slice(0, 8).join(', ')}`)
  if (format !== 'NHWC') refuse(node, 'data format NHWC', format)
  return { stride, padding: paddingOf(node) }
}

/** Functions that are applied to each value of an activation. */
const functions: ReadonlyMap<string, (x: number) => number> = new Map([
  ['Relu', activationFunction('relu')],
  ['Relu6', activationFunction('relu6')],
  ['Elu', activationFunction('elu')],
  ['Selu', activationFunction('selu')],
  ['Sigmoid', sigmoid],
  ['Tanh', Math.tanh],
  ['Softplus', (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))],
  ['Erf', erf],
  ['Erfc', (x) => 1 - erf(x)],
  ['Exp', Math.exp],
  ['Neg', (x) => -x],
  ['Abs', Math.abs],
  ['Square', (x) => x * x],
  ['Sqrt', Math.sqrt],
  ['Rsqrt', (x) => 1 / Math.sqrt(x)],
  ['Reciprocal', (x) => 1 / x],
])

const arithmetics: ReadonlyMap<string, Arithmetic> = new Map([
  ['Add', 'add'],
  ['AddV2', 'add'],
  ['Sub', 'subtract'],
  ['Mul', 'multiply'],
  ['RealDiv', 'divide'],
  ['Div', 'divide'],
])

/** Operators that return their input. */
const identities = new Set([
  ...['Identity', 'IdentityN', 'StopGradient', 'PreventGradient', 'Snapshot', 'CheckNumerics', 'EnsureShape'],
  ...['PlaceholderWithDefault', 'Cast', 'ReadVariableOp'],
])

/** The number of inputs of each operator. The inputs of fused operators are counted in `fused`. */
const counts = inputCounts({
  1: `${[...functions.keys()].join(' ')} Identity StopGradient PreventGradient Snapshot CheckNumerics EnsureShape PlaceholderWithDefault Cast ReadVariableOp LeakyRelu AvgPool MaxPool Softmax LogSoftmax Squeeze Shape`,
  2: `${[...arithmetics.keys()].join(' ')} FloorDiv Maximum Minimum Pow Greater GreaterEqual Less LessEqual Conv2D DepthwiseConv2dNative MatMul BiasAdd Mean Max Pad Reshape ExpandDims Transpose Tile Prod Fill`,
  3: 'Select SelectV2 PadV2 GatherV2',
  4: 'StridedSlice',
  5: 'FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3',
})

/** Operators with a kernel. The output that depends on the largest number of them is the model's answer. */
export const weightedOperators: RegExp = /Conv2[Dd]|MatMul/

/** Operators that give other numbers each time. */
const randomOperators = /^(Stateless)?(Random|TruncatedNormal|ParameterizedTruncatedNormal)/

/** The shape that a node gives to a constant; null if it does something else. */
function reshapedConstant(
  { operation, attributes }: TensorflowNode,
  shape: readonly number[],
  target: () => readonly number[],
): readonly number[] | null {
  const count = valueCount(shape)
  if (operation === 'Squeeze') {
    const places = attributes.integers('squeeze_dims').map((axis) => (axis < 0 ? axis + shape.length : axis))
    return shape.filter((extent, axis) => extent !== 1 || (places.length > 0 && !places.includes(axis)))
  }
  if (operation !== 'Reshape') return null
  const known = target().reduce((product, extent) => (extent === -1 ? product : product * extent), 1)
  const resolved = target().map((extent) => (extent === -1 ? count / known : extent))
  return valueCount(resolved) === count && resolved.every((extent) => Number.isInteger(extent) && extent >= 0) ? resolved : null
}

/** The names of the nodes that a node takes. `name:0` is `name`, and `^name` is not an input. */
function plainInputs({ inputs }: TensorflowNode): string[] {
  return inputs.filter((name) => !name.startsWith('^')).map((name) => name.replace(/:0$/, ''))
}

/** The integers of a small constant; null for another tensor. */
function integersOf(tensor: StoredTensor | undefined): ShapeValues | null {
  if (tensor === undefined || (tensor.dtype !== 'int32' && tensor.dtype !== 'int64') || tensor.quantization !== null) return null
  const count = valueCount(tensor.shape)
  if (count > mostShapeValues) return null
  const { buffer, byteOffset, byteLength } = tensor.bytes
  const view = new DataView(buffer, byteOffset, byteLength)
  const values = Array.from({ length: count }, (_, index) =>
    tensor.dtype === 'int32' ? view.getInt32(4 * index, true) : Number(view.getBigInt64(8 * index, true)),
  )
  return { shape: tensor.shape, values }
}

/**
 * Turns TensorFlow's nodes into `GraphNode`s. A node is a constant if it is in `weights`.
 * @param weights constants by the node that gives them; those that the graph computes are added
 * @param outputs the nodes that give the answers; unless given, those that no other node takes
 * @throws CheckpointError at an operator, or a way to use one, that no MobileNetV2 has
 */
export function tfjsNodes(
  nodes: readonly TensorflowNode[],
  weights: Map<string, StoredTensor>,
  outputs?: readonly string[],
): readonly GraphNode[] {
  const { name: input, height, width } = inputOf(nodes)
  const placeholder = nodes.find(({ name }) => name === input)
  const channels = placeholder?.attributes.shape('shape')?.[3] ?? 3
  const [batch = 1] = placeholder?.attributes.shape('shape') ?? []
  const axes = mapAxes('NHWC', {
    N: Math.max(batch, 1),
    C: channels >= 1 && channels <= 4 ? channels : 3,
    H: height ?? assumedExtent,
    W: width ?? assumedExtent,
  })
  const graph = buildGraph(input, axes, (tensor) => {
    weights.set(tensor.name, tensor)
    return tensor.name
  })
  /** Values that are computed from an activation's shape. */
  const shapes = new Map<string, ShapeValues>()

  const convert = (node: TensorflowNode) => {
    const { name: output, operation, attributes } = node
    if (operation === 'Const' || operation === 'Placeholder' || operation === 'NoOp') return
    const inputs = plainInputs(node)
    const place = { operation, output }
    const constantAt = (index: number): StoredTensor | null => weights.get(inputs[index] ?? '') ?? null
    const weightAt = (index: number): StoredTensor =>
      constantAt(index) ?? refuse(node, 'constant weights', `${operation} of computed weights`)
    const shapeAt = (index: number): ShapeValues | null =>
      shapes.get(inputs[index] ?? '') ?? integersOf(weights.get(inputs[index] ?? ''))
    const integersAt = (index: number): readonly number[] =>
      shapeAt(index)?.values ?? refuse(node, `constants as input ${index}`, 'none')
    const [first] = inputs
    if (first === undefined) return refuse(node, 'an input', `${operation} without one`)
    checkInputCount(place, counts, inputs.length)

    const known = inputs.map((_, index) => shapeAt(index))
    if (operation === 'Shape' ? constantAt(0) === null : known.every((value) => value !== null)) {
      const shape = operation === 'Shape' ? shapeOf(graph.axesOf(place, first)) : []
      const value = shapeOfNode(node, shape, known as ShapeValues[])
      if (value !== null) {
        shapes.set(output, value)
        return
      }
      if (inputs.some((name) => shapes.has(name))) refuse(node, 'a shape that can be computed', operation)
    }
    const taken = inputs.map((name) => weights.get(name))
    if (taken.every((tensor) => tensor !== undefined)) {
      const given = taken as StoredTensor[]
      const [constant] = given
      const shape = reshapedConstant(node, constant!.shape, () => integersAt(1))
      const folded = identities.has(operation)
        ? constant
        : shape !== null && (constant!.quantization?.scales.length ?? 1) === 1
          ? { ...constant!, name: output, shape }
          : foldConstants(operation === 'RealDiv' ? 'div' : operation.toLowerCase().replace('addv2', 'add'), output, given)
      weights.set(output, folded ?? refuse(node, 'constants that are known', `${operation} of constants`))
      return
    }
    const operand = (index: number): Operand => {
      const constant = constantAt(index)
      if (constant === null) return { activation: inputs[index] ?? '' }
      const count = valueCount(constant.shape)
      return { constant, values: [...vectorValues({ ...constant, shape: [count] }, count)] }
    }
    /** Adds a convolution or product with what is fused into it: BiasAdd, then an activation. */
    const fused = (add: (inner: string, bias: string | null) => void) => {
      const [before, word, another] = attributes.texts('fused_ops')
      const count = before === undefined ? 2 : 3
      if (inputs.length !== count) refuse(node, `${count} inputs`, String(inputs.length))
      if (before === undefined) return add(output, null)
      if (before !== 'BiasAdd' || another !== undefined) {
        refuse(node, 'BiasAdd and an activation', attributes.texts('fused_ops').slice(0, 4).join(', '))
      }
      const bias = weightAt(2).name
      if (word === undefined) return add(output, bias)
      const slope = attributes.float('leakyrelu_alpha') ?? 0.2
      const apply = word === 'LeakyRelu' ? leakyRelu(slope) : functions.get(word)
      const inner = `${output}/linear`
      add(inner, bias)
      if (apply === undefined) graph.unknown(place, inner, word)
      else graph.apply(place, [inner], word, apply)
    }
    const convolution = (kind: 'convolution' | 'depthwise'): void =>
      fused((inner, bias) => {
        const kernel = weightAt(1)
        const one = { inputs: [first] as const, output: inner, kernel: kernel.name, layout: tensorflowLayouts[kind], bias }
        const graphNode = { kind, ...one, ...windowOf(node), activation: 'linear' }
        graph.convolution({ operation, output: inner }, 'NHWC', graphNode, kernel)
      })
    const pool = (kind: 'globalAveragePool' | 'globalMaxPool'): void => {
      const [, rows = 0, columns = 0] = attributes.integers('ksize')
      const before = graph.axesOf(place, first)
      const format = attributes.text('data_format') ?? 'NHWC'
      if (format !== 'NHWC') refuse(node, 'data format NHWC', format)
      // With a single window, strides have no effect.
      const stride = Math.max(extentIn(before, 'H'), extentIn(before, 'W'))
      graph.pool(place, kind, first, 'NHWC', { height: rows, width: columns, stride, padding: paddingOf(node) })
    }

    const arithmetic = arithmetics.get(operation)
    const apply = functions.get(operation)
    const choice = choices.get(operation.toLowerCase())
    if (arithmetic !== undefined) return graph.arithmetic(place, arithmetic, operand(0), operand(1))
    if (apply !== undefined) return graph.apply(place, [first], operation, apply)
    if (identities.has(operation)) return graph.same(place, first)
    if (choice !== undefined) {
      const operands = inputs.map((_, index) => {
        const found = operand(index)
        if ('activation' in found) return found.activation
        return found.values.length === 1 ? found.values[0]! : refuse(node, 'one number', String(found.values.length))
      })
      return graph.apply(place, operands, operation, choice)
    }
    switch (operation) {
      case 'Conv2D':
      case '_FusedConv2D':
        return convolution('convolution')
      case 'DepthwiseConv2dNative':
      case 'FusedDepthwiseConv2dNative':
      case '_FusedDepthwiseConv2dNative':
        return convolution('depthwise')
      case 'MatMul':
      case '_FusedMatMul': {
        if (attributes.boolean('transpose_a') === true) refuse(node, 'an activation that is not transposed', 'a transposed one')
        const layout = attributes.boolean('transpose_b') === true ? 'OI' : 'IO'
        const kernel = weightAt(1)
        const width = kernel.shape[layout.indexOf('I')] ?? 0
        const before = shapeOf(graph.axesOf(place, first))
        // The operator that flattens a map may have been removed together with a computed shape.
        const isFlat = before.at(-1) === width || valueCount(before) % width !== 0
        const from = isFlat ? first : `${output}/rows`
        if (!isFlat) graph.reshape({ operation, output: from }, first, [-1, width])
        return fused((inner, bias) => graph.dense({ operation, output: inner }, from, kernel, layout, bias))
      }
      case 'BiasAdd':
        return graph.isInput(first)
          ? graph.arithmetic(place, 'add', { activation: first }, operand(1))
          : graph.bias(place, first, weightAt(1).name)
      case 'FusedBatchNorm':
      case 'FusedBatchNormV2':
      case 'FusedBatchNormV3': {
        const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((index) => weightAt(index).name) as [string, string, string, string]
        const epsilon = attributes.float('epsilon') ?? refuse(node, 'an epsilon', 'none')
        return graph.batchNorm(place, first, { gamma, beta, mean, variance, epsilon })
      }
      case 'LeakyRelu': {
        const slope = attributes.float('alpha') ?? 0.2
        return graph.apply(place, [first], operation, leakyRelu(slope))
      }
      case 'AvgPool':
        return pool('globalAveragePool')
      case 'MaxPool':
        return pool('globalMaxPool')
      case 'Mean':
      case 'Max': {
        const kind = operation === 'Mean' ? 'globalAveragePool' : 'globalMaxPool'
        return graph.reduce(place, kind, first, integersAt(1), attributes.boolean('keep_dims') ?? false)
      }
      case 'Pad':
      case 'PadV2': {
        const values = integersAt(1)
        const value = operation === 'PadV2' ? operand(2) : null
        if (value !== null && !('values' in value && value.values.length === 1 && value.values[0] === 0)) {
          refuse(node, 'zeros around height and width', 'other values')
        }
        const sides = Array.from({ length: values.length / 2 }, (_, axis) => [values[2 * axis]!, values[2 * axis + 1]!] as const)
        return graph.pad(place, first, sides)
      }
      case 'Softmax':
      case 'LogSoftmax':
        return graph.softmax(place, first)
      case 'Reshape': {
        return graph.reshape(place, first, integersAt(1))
      }
      case 'Squeeze':
        return graph.squeeze(place, first, attributes.integers('squeeze_dims'))
      case 'ExpandDims': {
        const before = shapeOf(graph.axesOf(place, first))
        const [axis = 0] = integersAt(1)
        const at = axis < 0 ? axis + before.length + 1 : axis
        return graph.reshape(place, first, [...before.slice(0, at), 1, ...before.slice(at)])
      }
      case 'Transpose':
        return graph.transpose(place, first, integersAt(1))
      case 'ConcatV2':
        return graph.concat(place, inputs.slice(0, -1), integersAt(inputs.length - 1)[0] ?? Number.NaN)
      case 'Tile':
        return graph.tile(place, first, integersAt(1))
      case 'ResizeBilinear':
      case 'ResizeNearestNeighbor':
      case 'ResizeBicubic':
      case 'ResizeArea':
      case 'ScaleAndTranslate':
        return graph.resize(place, first)
      default:
        return refuse(node, 'the operators of a MobileNet classifier', operation)
    }
  }

  const named = nodes.map((node) => ({ node, inputs: plainInputs(node), outputs: [node.name] }))
  const taken = new Set(named.flatMap(({ inputs }) => inputs.map(nodeNameOf)))
  const ends = named.filter(({ node }) => !taken.has(node.name) && node.operation !== 'NoOp').map(({ node }) => node.name)
  const needed = neededNodes(
    named,
    outputs ?? ends,
    ({ node }) => weightedOperators.test(node.operation),
    ({ node }) => /^(ArgMax|TopK|TopKV2)$/.test(node.operation),
  )
  // Keras 3 exports layers of augmentation in their state of training.
  const chance = needed.nodes.find(({ node }) => randomOperators.test(node.operation))?.node
  if (chance !== undefined) {
    const remedy = 'Export the model without its layers of augmentation and with training=False, or give it as a .keras file.'
    return refuse(chance, 'a graph that gives one answer to a picture', 'a graph that changes its pictures at random', remedy)
  }
  for (const { node } of needed.nodes) convert(node)
  return graph.finish(needed.output)
}
