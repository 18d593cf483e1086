import type { Padding } from '@mobilenetv2/spec'
import { type StoredTensor, valueCount } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import type { GraphNode } from '../graph/node.js'
import { tensorflowLayouts } from '../layout.js'
import { vectorValues } from '../values.js'
import type { TensorflowAttributes } from './tensorflow/attributes.js'

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

function refuse(node: TensorflowNode, expected: string, got: string): never {
  throw new CheckpointError('The graph has an operator that no MobileNetV2 has.', { expected, got: `${got}, at ${node.name}` })
}

/** Padding SAME, VALID, or EXPLICIT as before and after each of batch, height, width and channels. */
function paddingOf(node: TensorflowNode): Window['padding'] {
  const padding = node.attributes.text('padding')
  if (padding === 'SAME') return 'same'
  if (padding === 'VALID') return 'valid'
  const sides = node.attributes.integers('explicit_paddings')
  const [batchBefore, batchAfter, top, bottom, left, right, channelBefore, channelAfter] = sides
  const others = [batchBefore, batchAfter, channelBefore, channelAfter].every((zeros) => zeros === 0)
  if (padding !== 'EXPLICIT' || sides.length !== 8 || !others) {
    return refuse(node, 'padding SAME, VALID, or EXPLICIT of height and width', `${padding} ${sides.join(', ')}`)
  }
  return { top: top!, bottom: bottom!, left: left!, right: right! }
}

/** Stride and padding of an operator with a window, `[1, stride, stride, 1]`. */
function windowOf(node: TensorflowNode): Window {
  const [batch, stride, strideWidth, channels] = node.attributes.integers('strides')
  const dilations = node.attributes.integers('dilations')
  const format = node.attributes.text('data_format') ?? 'NHWC'
  if (batch !== 1 || channels !== 1 || stride === undefined || !(stride >= 1) || strideWidth !== stride) {
    return refuse(node, 'one stride', `strides ${node.attributes.integers('strides').join(', ')}`)
  }
  if (dilations.some((dilation) => dilation !== 1)) refuse(node, 'no dilation', `dilations ${dilations.join(', ')}`)
  if (format !== 'NHWC') refuse(node, 'data format NHWC', format)
  return { stride, padding: paddingOf(node) }
}

/** What a fused operator does after its convolution: BiasAdd, then an activation. */
function fusedOf(node: TensorflowNode): { biased: boolean; activation: string } {
  const fused = node.attributes.texts('fused_ops')
  const [first, second, third] = fused
  if (fused.length === 0) return { biased: false, activation: 'linear' }
  if (first !== 'BiasAdd' || third !== undefined) refuse(node, 'BiasAdd and an activation', fused.join(', '))
  return { biased: true, activation: second?.toLowerCase() ?? 'linear' }
}

/**
 * TensorFlow's nodes in the words of `GraphNode`. Constants are told by `weights`; an input `name:0` is `name`, and `^name` is none.
 * @throws CheckpointError at an operator, or a way to use one, that no MobileNetV2 has
 */
export function tfjsNodes(nodes: readonly TensorflowNode[], weights: ReadonlyMap<string, StoredTensor>): GraphNode[] {
  /** Identities of constants. */
  const constants = new Map(weights)

  const convert = (node: TensorflowNode): GraphNode | null => {
    const { name: output, operation } = node
    const inputs = node.inputs.filter((name) => !name.startsWith('^')).map((name) => name.replace(/:0$/, ''))
    const constantAt = (index: number): StoredTensor | null => constants.get(inputs[index] ?? '') ?? null
    const weightAt = (index: number): StoredTensor =>
      constantAt(index) ?? refuse(node, 'constant weights', `${operation} of computed weights`)
    const [first] = inputs
    if (first === undefined)
      return operation === 'Const' || operation === 'Placeholder' ? null : refuse(node, 'an input', `${operation} without one`)
    const one = { inputs: [first], output } as const
    const weighted = (layout: string, window: Window) => {
      const { biased, activation } = fusedOf(node)
      return { ...one, kernel: weightAt(1).name, layout, bias: biased ? weightAt(2).name : null, ...window, activation }
    }
    switch (operation) {
      case 'Placeholder':
      case 'Const':
        return null
      case 'Conv2D':
      case '_FusedConv2D':
        return { kind: 'convolution', ...weighted(tensorflowLayouts.convolution, windowOf(node)) }
      case 'DepthwiseConv2dNative':
      case 'FusedDepthwiseConv2dNative':
        return { kind: 'depthwise', ...weighted(tensorflowLayouts.depthwise, windowOf(node)) }
      case 'MatMul':
      case '_FusedMatMul':
        if (node.attributes.boolean('transpose_a') || node.attributes.boolean('transpose_b'))
          refuse(node, 'a product that is not transposed', operation)
        return { kind: 'dense', ...weighted(tensorflowLayouts.dense, { stride: 1, padding: 'valid' }) }
      case 'BiasAdd':
        return { kind: 'bias', ...one, tensor: weightAt(1).name }
      case 'FusedBatchNorm':
      case 'FusedBatchNormV2':
      case 'FusedBatchNormV3': {
        const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((index) => weightAt(index).name) as [string, string, string, string]
        const epsilon = node.attributes.float('epsilon') ?? refuse(node, 'an epsilon', 'none')
        return { kind: 'batchNorm', ...one, tensors: { gamma, beta, mean, variance, epsilon } }
      }
      case 'Relu6':
      case 'Relu':
        return { kind: 'activation', ...one, activation: operation.toLowerCase() }
      case 'Mul':
      case 'Sub':
      case 'Add':
      case 'AddV2':
        return arithmetic(node, inputs, constantAt)
      case 'AvgPool': {
        const [, height, width] = node.attributes.integers('ksize')
        if (node.attributes.text('padding') !== 'VALID' || height !== width)
          refuse(node, 'a pool over the whole picture', 'another pool')
        return { kind: 'globalAveragePool', ...one }
      }
      case 'Mean':
        return { kind: 'globalAveragePool', ...one }
      case 'Softmax':
        return { kind: 'softmax', ...one }
      case 'Identity': {
        const constant = constantAt(0)
        if (constant === null) return { kind: 'same', ...one }
        constants.set(output, constant)
        return null
      }
      case 'Squeeze':
      case 'Reshape':
        return { kind: 'same', ...one }
      default:
        return refuse(node, 'the operators of a MobileNetV2 classifier', operation)
    }
  }
  return nodes.map(convert).filter((node) => node !== null)
}

/** A sum, difference or product: of two activations a shortcut, of an activation and a constant a scale or a bias. */
function arithmetic(
  node: TensorflowNode,
  inputs: readonly string[],
  constantAt: (index: number) => StoredTensor | null,
): GraphNode {
  const { name: output, operation } = node
  const [left, right] = [constantAt(0), constantAt(1)]
  const isSum = operation.startsWith('Add')
  if (left === null && right === null && isSum && inputs.length === 2)
    return { kind: 'add', inputs: [inputs[0]!, inputs[1]!], output }
  const constant = left ?? right
  const input = left === null ? inputs[0] : inputs[1]
  if (constant === null || input === undefined || (left !== null && (right !== null || operation === 'Sub'))) {
    return refuse(node, 'a shortcut that is added, or a constant', operation)
  }
  const count = valueCount(constant.shape)
  // Three channels at most are a picture's; a longer vector that is added is a bias.
  if (count > 3) {
    if (!isSum) return refuse(node, 'a constant of at most 3 values', `${operation} by ${count}`)
    return { kind: 'bias', inputs: [input], output, tensor: constant.name }
  }
  const values = [...vectorValues({ ...constant, shape: [count] }, count)]
  return operation === 'Mul'
    ? { kind: 'scale', inputs: [input], output, multiply: values, add: [0] }
    : { kind: 'scale', inputs: [input], output, multiply: [1], add: isSum ? values : values.map((value) => -value) }
}
