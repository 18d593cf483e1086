import type { Padding } from '@mobilenetv2/spec'
import type { StoredTensor } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import { assumedExtent, extentIn, mapAxes, shapeOf } from '../../graph/axes.js'
import { type Arithmetic, buildGraph, type GraphBuilder } from '../../graph/graph-builder.js'
import { neededNodes } from '../../graph/needed-nodes.js'
import type { GraphNode } from '../../graph/node.js'
import { tensorflowLayouts } from '../../layout.js'
import { vectorValues } from '../../values.js'
import type { JsonNode } from '../json.js'
import { activationLayer, activationMember, type KerasActivation, kerasActivation } from './activations.js'
import { refuseHubLayer } from './hub.js'
import type { KerasCall, KerasModel } from './model.js'

/**
 * Layers that change no value in inference. Most layers of augmentation are called `Random…`. `RandomCrop` is left out, because it
 * changes the input even in inference.
 */
const identities =
  /^(Identity|Cast|(Spatial|Gaussian|Alpha)?Dropout(2D)?|GaussianNoise|ActivityRegularization|Masking|(?!RandomCrop)Random\w+|RandAugment|AugMix|CutMix|MixUp)$/

/** Layers that crop the input, and what they do. A network that is given pictures of its input size does not need them. */
const cropping: ReadonlyMap<string, string> = new Map([
  ['CenterCrop', 'crops its input itself'],
  ['RandomCrop', 'crops its input itself'],
])

/** The applications whose `preprocess_input` is x / 127.5 - 1; others subtract means. */
const scalingApplications = /applications\.(mobilenet|mobilenet_v2|inception_v3|inception_resnet_v2|xception|nasnet|resnet_v2)$/

function refuse({ output, className }: KerasCall, expected: string, got: string, remedy?: string): never {
  throw new CheckpointError('The Keras model has a layer that no MobileNetV2 has.', {
    expected,
    got: `${got}, at ${output} (${className})`,
    ...(remedy === undefined ? {} : { remedy }),
  })
}

function numbers(node: JsonNode): number[] {
  return node.type === 'array'
    ? node.array().flatMap((value) => (value.type === 'array' ? numbers(value) : [value.number()]))
    : [node.number()]
}

/** A member that is one number, or one each for height and width; `otherwise` if it is left out. */
function pairOf(call: KerasCall, member: string, otherwise: number): readonly [height: number, width: number] {
  const node = call.config.member(member)
  const values = node?.type === 'array' ? node.array().map((value) => value.number()) : [node?.number() ?? otherwise]
  const [first, second = first] = values
  if (first === undefined || second === undefined || values.length > 2 || !values.every((value) => Number.isInteger(value))) {
    return refuse(call, `${member} for height and width`, values.slice(0, 8).join(', '))
  }
  return [first, second]
}

function squareOf(call: KerasCall, member: string, otherwise: number): number {
  const [height, width] = pairOf(call, member, otherwise)
  return height === width ? height : refuse(call, `one ${member} for height and width`, `${height}, ${width}`)
}

function checkChannelsLast(call: KerasCall): void {
  const format = call.config.member('data_format')?.text() ?? 'channels_last'
  if (format !== 'channels_last') refuse(call, 'channels_last', format)
}

function paddingOf(call: KerasCall): 'same' | 'valid' {
  const padding = call.config.member('padding')?.text() ?? 'valid'
  return padding === 'same' || padding === 'valid' ? padding : refuse(call, 'padding same or valid', padding)
}

/** Zeros around height and width: `[[top, bottom], [left, right]]`, or in shorter forms. */
function zerosOf(call: KerasCall): Padding {
  const node = call.config.required('padding')
  const sides = node.type === 'number' ? [[node.number()], [node.number()]] : node.array().map(numbers)
  const [rows, columns] = sides
  if (rows === undefined || columns === undefined || sides.length > 2 || sides.some((side) => side.length > 2)) {
    const got = sides.slice(0, 4).map((side) => `[${side.slice(0, 4).join(', ')}]`)
    return refuse(call, 'zeros around height and width', got.join(', '))
  }
  return { top: rows[0]!, bottom: rows.at(-1)!, left: columns[0]!, right: columns.at(-1)! }
}

/** The operators of Python as Keras writes them: classes in Keras 3, functions (TFOpLambda) in Keras 2. */
const arithmetics: ReadonlyMap<string, Arithmetic> = new Map<string, Arithmetic>([
  ['TrueDivide', 'divide'],
  ['Divide', 'divide'],
  ['Multiply', 'multiply'],
  ['Subtract', 'subtract'],
  ['Add', 'add'],
  ['math.truediv', 'divide'],
  ['math.divide', 'divide'],
  ['math.multiply', 'multiply'],
  ['math.subtract', 'subtract'],
  ['math.add', 'add'],
  ['__operators__.add', 'add'],
  ['nn.bias_add', 'add'],
])

/** A number as a constant of a sum or product. */
function constantOf(values: readonly number[]): { constant: StoredTensor; values: readonly number[] } {
  const bytes = new Uint8Array(Float64Array.from(values).buffer)
  return { constant: { name: '', shape: [values.length], dtype: 'float64', bytes, quantization: null }, values }
}

/** A kernel of this shape. Its values are not needed to compute shapes. */
function kernelOf(name: string, shape: readonly number[]): StoredTensor {
  return { name, shape, dtype: 'float32', bytes: new Uint8Array(), quantization: null }
}

/**
 * Turns the layers of a Keras model into `GraphNode`s. Tensors are named `<layer>/<variable>`.
 * @param tensors the stored tensors, for the shapes of kernels and the values of `Normalization`
 * @throws CheckpointError at a layer, or a way to use one, that no MobileNetV2 has
 */
export function kerasNodes(
  { input, calls, outputs, channels }: KerasModel,
  tensors: ReadonlyMap<string, StoredTensor>,
): readonly GraphNode[] {
  const axes = mapAxes('NHWC', { N: 1, C: channels, H: input.height ?? assumedExtent, W: input.width ?? assumedExtent })
  const graph: GraphBuilder = buildGraph(input.name, axes, () => refuse(calls[0]!, 'numbers for the whole input', 'a constant'))

  const convert = (call: KerasCall) => {
    const { output, layer, className, config, inputs, constants } = call
    const operation = className === 'TFOpLambda' ? config.required('function').text() : className
    const place = { operation, output }
    const [first, second] = inputs
    if (first === undefined) return refuse(call, 'a layer that takes an activation', 'one that takes none')
    const use = (activation: KerasActivation, from: string): void => {
      if (activation.kind === 'linear') graph.same(place, from)
      else if (activation.kind === 'softmax') graph.softmax(place, from, activation.over)
      else if (activation.apply === null) graph.unknown(place, from, activation.word)
      else graph.apply(place, [from], activation.word, activation.apply)
    }
    /** Adds a layer and then the activation in its configuration, with a name each. */
    const activated = (add: (inner: string) => void): void => {
      const before = `${output}/linear`
      add(before)
      use(activationMember(config.member('activation')), before)
    }
    const count = (member: string): number => {
      const value = config.required(member).number()
      return Number.isSafeInteger(value) && value >= 1 ? value : refuse(call, `a number of ${member}`, String(value))
    }
    const bias = config.type === 'object' && config.member('use_bias')?.boolean() === false ? null : `${layer}/bias`
    const convolution = (kind: 'convolution' | 'depthwise'): void => {
      checkChannelsLast(call)
      const stride = squareOf(call, 'strides', 1)
      const [height, width] = pairOf(call, 'kernel_size', 1)
      const multiplier = kind === 'depthwise' ? squareOf(call, 'depth_multiplier', 1) : squareOf(call, 'groups', 1)
      const dilation = squareOf(call, 'dilation_rate', 1)
      if (stride < 1 || dilation !== 1 || multiplier !== 1) {
        const got = `stride ${stride}, dilation ${dilation}, groups or multiplier ${multiplier}`
        refuse(call, 'no dilation, no groups', got)
      }
      const padding = paddingOf(call)
      const kernel = `${layer}/kernel`
      const depth = extentIn(graph.axesOf(place, first), 'C')
      const shape = kind === 'depthwise' ? [height, width, depth, 1] : [height, width, depth, count('filters')]
      const stored = tensors.get(kernel)?.shape ?? shape
      if (shape.join() !== stored.join()) refuse(call, `a kernel [${shape.join(', ')}]`, `[${stored.join(', ')}]`)
      activated((inner) => {
        const one = { inputs: [first] as const, output: inner, kernel, layout: tensorflowLayouts[kind], bias }
        const node = { kind, ...one, stride, padding, activation: 'linear' }
        graph.convolution({ operation, output: inner }, 'NHWC', node, kernelOf(kernel, shape))
      })
    }
    const pool = (kind: 'globalAveragePool' | 'globalMaxPool'): void => {
      checkChannelsLast(call)
      const [height, width] = pairOf(call, 'pool_size', 2)
      const before = graph.axesOf(place, first)
      // With a single window, strides have no effect.
      const stride = Math.max(extentIn(before, 'H'), extentIn(before, 'W'))
      graph.pool(place, kind, first, 'NHWC', { height, width, stride, padding: paddingOf(call) })
    }
    const globalPool = (kind: 'globalAveragePool' | 'globalMaxPool', over: readonly number[]): void => {
      checkChannelsLast(call)
      graph.reduce(place, kind, first, over, config.member('keepdims')?.boolean() ?? false)
    }

    /** An argument of an operation. Keras 3 stores it in the configuration or in the call, Keras 2 in the call. */
    const argument = (...names: readonly string[]): JsonNode | null => {
      for (const node of [config, call.keywords]) {
        for (const name of names) {
          const found = node?.type === 'object' ? node.member(name) : null
          if (found !== null && found.type !== 'null') return found
        }
      }
      return null
    }
    const given = (...names: readonly string[]): number[] => numbers(argument(...names) ?? refuse(call, `its ${names[0]}`, 'none'))
    const oneOf = (name: string): number => {
      const values = given(name)
      return values.length === 1 ? values[0]! : refuse(call, `one ${name}`, values.slice(0, 8).join(', ') || 'none')
    }
    const reduce = (kind: 'globalAveragePool' | 'globalMaxPool'): void => {
      const keep = argument('keepdims')
      graph.reduce(place, kind, first, given('axis'), keep?.type === 'boolean' && keep.boolean())
    }
    const rank = (): number => graph.axesOf(place, first).length

    const arithmetic = arithmetics.get(operation)
    const asLayer = config.type === 'object' ? activationLayer(className, config) : null
    if (arithmetic !== undefined) {
      if (second !== undefined) {
        if (inputs.length > 2) return refuse(call, 'a sum of two', `a sum of ${inputs.length}`)
        return graph.arithmetic(place, arithmetic, { activation: first }, { activation: second })
      }
      const [position, constant] = [...constants][0] ?? []
      if (constant === undefined) return refuse(call, 'arithmetic with one number', operation)
      const [one, number] = [{ activation: first }, constantOf(constant)]
      return position === 0 ? graph.arithmetic(place, arithmetic, number, one) : graph.arithmetic(place, arithmetic, one, number)
    }
    if (inputs.length > 1 && !/^concat(enate)?$/i.test(operation)) return refuse(call, 'one input', String(inputs.length))
    if (asLayer !== null) return use(asLayer, first)
    if (identities.test(className) || operation === 'cast') return graph.same(place, first)
    switch (operation) {
      case 'Conv2D':
        return convolution('convolution')
      case 'DepthwiseConv2D':
        return convolution('depthwise')
      case 'Dense': {
        const units = count('units')
        const stored = tensors.get(`${layer}/kernel`)?.shape.at(-1) ?? units
        if (stored !== units) refuse(call, `a kernel of ${units} units`, String(stored))
        const kernel = kernelOf(`${layer}/kernel`, [shapeOf(graph.axesOf(place, first)).at(-1) ?? 1, units])
        return activated((inner) => graph.dense({ operation, output: inner }, first, kernel, 'IO', bias))
      }
      case 'BatchNormalization':
      case 'BatchNormalizationV1': {
        const axis = config.member('axis')
        const [last, ...others] = axis === null ? [-1] : numbers(axis)
        if ((last !== -1 && last !== rank() - 1) || others.length > 0) {
          return refuse(call, 'the last axis', `axis ${[last, ...others].slice(0, 8).join(', ')}`)
        }
        const variable = (member: string, name: string): string | null =>
          config.member(member)?.boolean() === false ? null : `${layer}/${name}`
        return graph.batchNorm(place, first, {
          gamma: variable('scale', 'gamma'),
          beta: variable('center', 'beta'),
          mean: `${layer}/moving_mean`,
          variance: `${layer}/moving_variance`,
          epsilon: config.member('epsilon')?.number() ?? 1e-3,
        })
      }
      case 'Activation':
        return use(activationMember(config.member('activation')), first)
      case 'ZeroPadding2D': {
        checkChannelsLast(call)
        const { top, bottom, left, right } = zerosOf(call)
        return graph.pad(place, first, [
          [0, 0],
          [top, bottom],
          [left, right],
          [0, 0],
        ])
      }
      case 'GlobalAveragePooling2D':
        return globalPool('globalAveragePool', [1, 2])
      case 'GlobalMaxPooling2D':
        return globalPool('globalMaxPool', [1, 2])
      case 'GlobalAveragePooling1D':
        return globalPool('globalAveragePool', [1])
      case 'GlobalMaxPooling1D':
        return globalPool('globalMaxPool', [1])
      case 'AveragePooling2D':
        return pool('globalAveragePool')
      case 'MaxPooling2D':
        return pool('globalMaxPool')
      case 'Flatten':
        checkChannelsLast(call)
        return graph.reshape(place, first, [1, -1])
      case 'Reshape':
        return graph.reshape(
          place,
          first,
          config.member('target_shape') === null ? given('newshape') : [1, ...numbers(config.required('target_shape'))],
        )
      case 'reshape':
        return graph.reshape(place, first, given('shape'))
      case 'Squeeze':
      case 'squeeze':
        return graph.squeeze(place, first, argument('axis') === null ? [] : given('axis'))
      case 'Mean':
      case 'math.reduce_mean':
        return reduce('globalAveragePool')
      case 'Max':
      case 'math.reduce_max':
        return reduce('globalMaxPool')
      case 'Concatenate':
      case 'concat':
        return graph.concat(place, inputs, argument('axis') === null ? -1 : oneOf('axis'))
      case 'Tile':
      case 'tile':
        return graph.tile(place, first, given('repeats', 'multiples'))
      case 'Repeat':
      case 'repeat': {
        const [copies, axis] = [oneOf('repeats'), oneOf('axis')]
        return graph.tile(
          place,
          first,
          Array.from({ length: rank() }, (_, index) => (index === (axis < 0 ? axis + rank() : axis) ? copies : 1)),
        )
      }
      case 'image.grayscale_to_rgb':
        return graph.tile(place, first, [1, 1, 1, 3])
      case 'Resizing':
      case 'UpSampling2D':
      case 'Resize':
      case 'image.resize':
      case 'image.resize_with_pad':
        return graph.resize(place, first)
      case 'Permute':
        return graph.transpose(place, first, [0, ...numbers(config.required('dims'))])
      case 'Rescaling': {
        const scale = numbers(config.required('scale'))
        const offset = config.member('offset')
        const inner = { operation, output: `${output}/scaled` }
        graph.arithmetic(inner, 'multiply', { activation: first }, constantOf(scale))
        return graph.arithmetic(place, 'add', { activation: inner.output }, constantOf(offset === null ? [0] : numbers(offset)))
      }
      case 'Normalization': {
        const found = (member: string, name: string): number[] => {
          const stated = config.member(member)
          if (stated !== null) return numbers(stated)
          const tensor = tensors.get(`${layer}/${name}`)
          if (tensor === undefined) return refuse(call, `a ${member}`, 'none in its configuration or its weights')
          const length = tensor.shape.reduce((product, extent) => product * extent, 1)
          return [...vectorValues({ ...tensor, shape: [length] }, length)]
        }
        const deviations = found('variance', 'variance').map((value) => Math.max(Math.sqrt(value), 1e-7))
        if (config.member('invert')?.boolean() === true) refuse(call, 'a normalization of the input', 'its inverse')
        const inner = { operation, output: `${output}/centred` }
        graph.arithmetic(inner, 'subtract', { activation: first }, constantOf(found('mean', 'mean')))
        return graph.arithmetic(place, 'divide', { activation: inner.output }, constantOf(deviations))
      }
      case 'KerasLayer':
        return refuseHubLayer()
      case 'Lambda':
        return lambda(call, graph)
      default: {
        const crops = cropping.get(className)
        if (crops !== undefined) {
          return refuse(
            call,
            "a model that takes pictures of the network's own size",
            `a model that ${crops}`,
            `Save the model without its ${className} layer: pictures are cropped and resized before they are given to it.`,
          )
        }
        const activation = kerasActivation(operation.replace(/^(math|nn)\./, ''), argument)
        if (activation.kind === 'softmax' || (activation.kind === 'function' && activation.apply !== null))
          return use(activation, first)
        return refuse(call, 'the layers of a MobileNet classifier', operation)
      }
    }
  }

  const named = calls.map((call) => ({ call, inputs: call.inputs, outputs: [call.output] }))
  const hasWeights = ({ call }: (typeof named)[number]): boolean => /^(Dense|Conv2D|DepthwiseConv2D)$/.test(call.className)
  const needed = neededNodes(named, outputs, hasWeights, () => false)
  for (const { call } of needed.nodes) convert(call)
  return graph.finish(needed.output)
}

/** A function of Python, which is never run. Those of Keras's applications are recognised by their name or their module. */
function lambda(call: KerasCall, graph: GraphBuilder): void {
  const { config, inputs, output, className } = call
  const stated = config.required('function')
  const name = stated.type === 'text' ? stated.text() : stated.type === 'object' ? (stated.member('config') ?? null) : null
  const text = typeof name === 'string' ? name : name?.type === 'text' ? name.text() : ''
  const module = config.member('module')?.text() ?? ''
  const own = module === '' ? text === 'preprocess_input' : scalingApplications.test(module)
  if (!own || (stated.type === 'text' && text !== 'preprocess_input')) {
    refuse(
      call,
      "the preprocess_input of Keras's MobileNets",
      `a function of Python, ${text || 'as code'} ${module}`,
      'Replace the Lambda layer by Rescaling(scale, offset), which says what it does, and save the model again.',
    )
  }
  const inner = { operation: className, output: `${output}/scaled` }
  graph.arithmetic(inner, 'divide', { activation: inputs[0]! }, constantOf([127.5]))
  graph.arithmetic({ operation: className, output }, 'subtract', { activation: inner.output }, constantOf([1]))
}
