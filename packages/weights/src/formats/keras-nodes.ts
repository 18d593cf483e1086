import type { Padding } from '@mobilenetv2/spec'
import { CheckpointError } from '../checkpoint-error.js'
import type { GraphNode } from '../graph/node.js'
import { tensorflowLayouts } from '../layout.js'
import type { JsonNode } from './json.js'
import type { KerasCall, KerasModel } from './keras-model.js'

/** Layers that change no value at inference; a flattened activation still has to fit the dense layer after it. */
const identities: ReadonlySet<string> = new Set([
  ...['Flatten', 'Reshape', 'Identity', 'Dropout', 'SpatialDropout2D', 'GaussianDropout', 'GaussianNoise', 'AlphaDropout'],
  ...['ActivityRegularization', 'RandomFlip', 'RandomRotation', 'RandomZoom', 'RandomTranslation', 'RandomContrast'],
  ...['RandomBrightness', 'RandomHeight', 'RandomWidth'],
])

/** Height and width of an activation; null where the model leaves them open. */
type Extents = { readonly height: number; readonly width: number } | null

function refuse({ output, className }: KerasCall, expected: string, got: string): never {
  throw new CheckpointError('The Keras model has a layer that no MobileNetV2 has.', {
    expected,
    got: `${got}, at ${output} (${className})`,
  })
}

function numbers(node: JsonNode): number[] {
  return node.type === 'number' ? [node.number()] : node.array().map((value) => value.number())
}

/** A member that is one number or one for each of height and width; `otherwise` where it is left out. */
function squareOf(call: KerasCall, member: string, otherwise: number): number {
  const node = call.config.member(member)
  const values = node === null ? [otherwise] : numbers(node)
  const [first] = values
  if (first === undefined || values.some((value) => value !== first || !Number.isInteger(value))) {
    return refuse(call, `one ${member} for height and width`, values.join(', '))
  }
  return first
}

/** The name of an activation: Keras 3 writes some as an object of a class. */
function activationOf(node: JsonNode | null): string {
  if (node === null) return 'linear'
  if (node.type === 'text') return node.text()
  const { config } = { config: node.required('config') }
  return config.type === 'text' ? config.text() : (config.member('name') ?? node.required('class_name')).text()
}

/** ReLU with a largest value of 6 is relu6; one without is relu; any other is described. */
function reluOf({ config }: KerasCall): string {
  const value = (member: string): number => config.member(member)?.number() ?? 0
  const most = config.member('max_value')?.number() ?? null
  if (value('negative_slope') !== 0 || value('threshold') !== 0) return 'a leaky relu'
  if (most === null) return 'relu'
  return most === 6 ? 'relu6' : `relu up to ${most}`
}

function checkChannelsLast(call: KerasCall): void {
  const format = call.config.member('data_format')?.text() ?? 'channels_last'
  if (format !== 'channels_last') refuse(call, 'channels_last', format)
}

/** Zeros around height and width: `[[top, bottom], [left, right]]`, or in shorter forms. */
function zerosOf(call: KerasCall): Padding {
  const node = call.config.required('padding')
  const sides = node.type === 'number' ? [[node.number()], [node.number()]] : node.array().map(numbers)
  const [rows, columns] = sides
  if (rows === undefined || columns === undefined || sides.length > 2)
    return refuse(call, 'zeros around height and width', 'others')
  return { top: rows[0]!, bottom: rows.at(-1)!, left: columns[0]!, right: columns.at(-1)! }
}

/** What an arithmetic operation does with a constant, as multiply and add; null where it is none of the four. */
function arithmetic(name: string, constant: number): { multiply: number[]; add: number[] } | null {
  switch (name) {
    case 'truediv':
      return { multiply: [1 / constant], add: [0] }
    case 'multiply':
      return { multiply: [constant], add: [0] }
    case 'subtract':
      return { multiply: [1], add: [-constant] }
    case 'add':
      return { multiply: [1], add: [constant] }
    default:
      return null
  }
}

/** Keras 3's classes and Keras 2's functions (TFOpLambda) for the operators of Python. */
const operations: ReadonlyMap<string, string> = new Map([
  ['TrueDivide', 'truediv'],
  ['Divide', 'truediv'],
  ['Multiply', 'multiply'],
  ['Subtract', 'subtract'],
  ['Add', 'add'],
  ['math.truediv', 'truediv'],
  ['math.divide', 'truediv'],
  ['math.multiply', 'multiply'],
  ['math.subtract', 'subtract'],
  ['math.add', 'add'],
  ['__operators__.add', 'add'],
])

/**
 * A Keras model's layers in the words of `GraphNode`; the tensors are named `<layer>/<variable>`.
 * @throws CheckpointError at a layer, or a way to use one, that no MobileNetV2 has
 */
export function kerasNodes({ input, calls }: KerasModel): GraphNode[] {
  const nodes: GraphNode[] = []
  const start = input.height === null || input.width === null ? null : { height: input.height, width: input.width }
  const extents = new Map<string, Extents>([[input.name, start]])

  /** Adds an activation after what has no other name than the layer's; `stated` is the layer's own. */
  const addActivated = (node: GraphNode, activation: string): void => {
    if (activation !== 'softmax') {
      nodes.push(node)
      return
    }
    const before = `${node.output}/linear`
    nodes.push({ ...node, output: before }, { kind: 'softmax', inputs: [before], output: node.output })
  }

  for (const call of calls) {
    const { output, layer, className, config, inputs, constants } = call
    const [first, second] = inputs
    if (first === undefined) return refuse(call, 'a layer that takes an activation', 'one that takes none')
    const one = { inputs: [first], output } as const
    const before = extents.get(first) ?? null
    let after: Extents = before
    const operation = operations.get(className === 'TFOpLambda' ? config.required('function').text() : className)
    const convolution = (kind: 'convolution' | 'depthwise'): void => {
      checkChannelsLast(call)
      const stride = squareOf(call, 'strides', 1)
      const size = squareOf(call, 'kernel_size', 1)
      const multiplier = kind === 'depthwise' ? squareOf(call, 'depth_multiplier', 1) : squareOf(call, 'groups', 1)
      const dilation = squareOf(call, 'dilation_rate', 1)
      const padding = config.member('padding')?.text() ?? 'valid'
      if (stride < 1 || dilation !== 1 || multiplier !== 1 || (padding !== 'same' && padding !== 'valid')) {
        refuse(
          call,
          'no dilation, no groups, padding same or valid',
          `stride ${stride}, dilation ${dilation}, groups or multiplier ${multiplier}, padding ${padding}`,
        )
      }
      const extent = (value: number): number => Math.ceil((padding === 'same' ? value : value - size + 1) / stride)
      after = before && { height: extent(before.height), width: extent(before.width) }
      const activation = activationOf(config.member('activation'))
      addActivated(
        {
          ...one,
          kind,
          kernel: `${layer}/kernel`,
          layout: tensorflowLayouts[kind],
          bias: config.member('use_bias')?.boolean() === false ? null : `${layer}/bias`,
          stride,
          padding,
          activation: activation === 'softmax' ? 'linear' : activation,
        },
        activation,
      )
    }
    if (operation !== undefined && second === undefined) {
      const [place, constant] = [...constants][0] ?? []
      const scale = constant === undefined ? null : arithmetic(operation, constant)
      if (scale === null || (place === 0 && (operation === 'truediv' || operation === 'subtract'))) {
        return refuse(call, 'arithmetic with one number', operation)
      }
      nodes.push({ ...one, kind: 'scale', ...scale })
    } else if (operation === 'add') {
      if (second === undefined || inputs.length > 2) return refuse(call, 'a sum of two', `a sum of ${inputs.length}`)
      nodes.push({ kind: 'add', inputs: [first, second], output })
    } else if (identities.has(className)) nodes.push({ ...one, kind: 'same' })
    else {
      switch (className) {
        case 'Conv2D':
          convolution('convolution')
          break
        case 'DepthwiseConv2D':
          convolution('depthwise')
          break
        case 'Dense': {
          const activation = activationOf(config.member('activation'))
          addActivated(
            {
              ...one,
              kind: 'dense',
              kernel: `${layer}/kernel`,
              layout: tensorflowLayouts.dense,
              bias: config.member('use_bias')?.boolean() === false ? null : `${layer}/bias`,
              ...{ stride: 1, padding: 'valid', activation: activation === 'softmax' ? 'linear' : activation },
            },
            activation,
          )
          break
        }
        case 'BatchNormalization':
        case 'BatchNormalizationV1': {
          const axis = config.member('axis')
          const [last] = axis === null ? [-1] : numbers(axis)
          const scaled = [config.member('scale'), config.member('center')].every((value) => value?.boolean() !== false)
          if ((last !== -1 && last !== 3) || !scaled) return refuse(call, 'scale and centre of the last axis', `axis ${last}`)
          const names = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((name) => `${layer}/${name}`)
          const [gamma, beta, mean, variance] = names as [string, string, string, string]
          const epsilon = config.member('epsilon')?.number() ?? 1e-3
          nodes.push({ ...one, kind: 'batchNorm', tensors: { gamma, beta, mean, variance, epsilon } })
          break
        }
        case 'ReLU':
          nodes.push({ ...one, kind: 'activation', activation: reluOf(call) })
          break
        case 'Activation': {
          const activation = activationOf(config.member('activation'))
          if (activation === 'softmax') nodes.push({ ...one, kind: 'softmax' })
          else if (activation === 'linear') nodes.push({ ...one, kind: 'same' })
          else nodes.push({ ...one, kind: 'activation', activation })
          break
        }
        case 'Softmax':
          nodes.push({ ...one, kind: 'softmax' })
          break
        case 'ZeroPadding2D': {
          checkChannelsLast(call)
          const padding = zerosOf(call)
          after = before && {
            height: before.height + padding.top + padding.bottom,
            width: before.width + padding.left + padding.right,
          }
          nodes.push({ ...one, kind: 'pad', padding })
          break
        }
        case 'GlobalAveragePooling2D':
          checkChannelsLast(call)
          nodes.push({ ...one, kind: 'globalAveragePool' })
          break
        case 'AveragePooling2D': {
          const size = squareOf(call, 'pool_size', 0)
          const padding = config.member('padding')?.text() ?? 'valid'
          if (before?.height !== size || before.width !== size || padding !== 'valid') {
            return refuse(call, 'a pool over the whole picture', `a pool over ${size} of ${before?.height} x ${before?.width}`)
          }
          nodes.push({ ...one, kind: 'globalAveragePool' })
          break
        }
        case 'Rescaling': {
          const [multiply, add] = [config.required('scale'), config.member('offset')]
          nodes.push({ ...one, kind: 'scale', multiply: numbers(multiply), add: add === null ? [0] : numbers(add) })
          break
        }
        default:
          return refuse(call, 'the layers of a MobileNetV2 classifier', className)
      }
    }
    extents.set(output, after)
  }
  return nodes
}
