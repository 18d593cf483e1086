import type { Padding } from '@mobilenetv2/spec'
import { type StoredTensor, valueCount } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import { type Axes, extentIn, shapeOf } from '../../graph/axes.js'
import { activationFunction, choices, leakyRelu } from '../../graph/functions.js'
import {
  type Arithmetic,
  buildGraph,
  type GraphBuilder,
  type Operand,
  type Place,
  refuseOperator,
} from '../../graph/graph-builder.js'
import { checkInputCount, inputCounts } from '../../graph/input-counts.js'
import { neededNodes } from '../../graph/needed-nodes.js'
import type { GraphNode } from '../../graph/node.js'
import { tfliteLayouts } from '../../layout.js'
import { vectorValues } from '../../values.js'
import {
  combineValues,
  concatValues,
  gatherValues,
  mostShapeValues,
  packValues,
  productValue,
  type ShapeValues,
  stridedSliceValues,
  vectorValue,
} from '../shape-values.js'
import type { TfliteOperator, TfliteTensor } from './read.js'

/** `ActivationFunctionType` of the schema. */
const activations = ['linear', 'relu', 'relu between -1 and 1', 'relu6', 'tanh', 'sign bit'] as const
const samePadding = 0

/** Fields of the options' tables, by their order. */
const convolutionOptions = {
  padding: 0,
  strideWidth: 1,
  strideHeight: 2,
  activation: 3,
  dilationWidth: 4,
  dilationHeight: 5,
} as const
const depthwiseOptions = { ...convolutionOptions, multiplier: 3, activation: 4, dilationWidth: 5, dilationHeight: 6 } as const
const poolOptions = { padding: 0, strideWidth: 1, strideHeight: 2, filterWidth: 3, filterHeight: 4, activation: 5 } as const
const softmaxOptions = { beta: 0 } as const
const concatenationOptions = { axis: 0, activation: 1 } as const
const fullyConnectedOptions = { activation: 0, weightsFormat: 1, keepDimensions: 2 } as const
const sliceOptions = { beginMask: 0, endMask: 1, shrinkMask: 4 } as const

/** Functions that are applied to each value of an activation. */
const functions: ReadonlyMap<string, (x: number) => number> = new Map([
  ['LOGISTIC', activationFunction('sigmoid')],
  ['TANH', Math.tanh],
  ['RELU', activationFunction('relu')],
  ['RELU6', activationFunction('relu6')],
  ['RELU_0_TO_1', (x) => Math.min(Math.max(x, 0), 1)],
  ['RELU_N1_TO_1', (x) => Math.min(Math.max(x, -1), 1)],
  ['ELU', activationFunction('elu')],
  ['HARD_SWISH', activationFunction('hardSwish')],
  ['EXP', Math.exp],
  ['LOG', Math.log],
  ['NEG', (x) => -x],
  ['ABS', Math.abs],
  ['SQUARE', (x) => x * x],
  ['SQRT', Math.sqrt],
])

const arithmetics: ReadonlyMap<string, Arithmetic> = new Map([
  ['ADD', 'add'],
  ['SUB', 'subtract'],
  ['MUL', 'multiply'],
  ['DIV', 'divide'],
])

/** The number of inputs of each operator, with those that can be left out. */
const counts = inputCounts({
  1: `${[...functions.keys()].join(' ')} LEAKY_RELU GELU SOFTMAX LOG_SOFTMAX DEQUANTIZE QUANTIZE CAST SHAPE SQUEEZE AVERAGE_POOL_2D MAX_POOL_2D`,
  '1-2': 'RESHAPE',
  2: `${[...arithmetics.keys()].join(' ')} MAXIMUM MINIMUM POW GREATER GREATER_EQUAL LESS LESS_EQUAL PRELU PAD MEAN REDUCE_MAX REDUCE_PROD EXPAND_DIMS TRANSPOSE TILE GATHER`,
  '2-3': 'CONV_2D DEPTHWISE_CONV_2D FULLY_CONNECTED',
  3: 'SELECT SELECT_V2 PADV2',
  '4-5': 'STRIDED_SLICE',
})

/** What the file is if it has one of these operators. */
const strangers: ReadonlyMap<string, readonly [what: string, remedy: string]> = new Map([
  [
    'edgetpu-custom-op',
    ['compiled for the Edge TPU', 'Give the file that the Edge TPU compiler was given, without _edgetpu in its name.'],
  ],
  ['TFLite_Detection_PostProcess', ['an object detector (SSD)', 'Only classifiers and feature extractors are read.']],
])

/**
 * The bias with its scale. An integer bias (int64 beside int16 activations) without a scale has the scale of input x kernel, because LiteRT
 * adds it to those sums.
 */
function scaledBias(bias: StoredTensor, input: TfliteTensor, kernel: StoredTensor): StoredTensor {
  const [scale] = input.quantization?.scales ?? []
  if (
    (bias.dtype !== 'int32' && bias.dtype !== 'int64') ||
    bias.quantization !== null ||
    scale === undefined ||
    kernel.quantization === null
  )
    return bias
  const scales = kernel.quantization.scales.map((value) => value * scale)
  return { ...bias, quantization: { scales, zeroPoints: [0], axis: 0 } }
}

/** The integers of a small constant without a scale; null for another tensor. */
function integersOf(tensor: StoredTensor | null): ShapeValues | null {
  if (tensor === null || (tensor.dtype !== 'int32' && tensor.dtype !== 'int64')) return null
  const count = valueCount(tensor.shape)
  if (count > mostShapeValues || tensor.quantization !== null) return null
  const { buffer, byteOffset, byteLength } = tensor.bytes
  const view = new DataView(buffer, byteOffset, byteLength)
  const values = Array.from({ length: count }, (_, index) =>
    tensor.dtype === 'int32' ? view.getInt32(4 * index, true) : Number(view.getBigInt64(8 * index, true)),
  )
  return { shape: tensor.shape, values }
}

/** The result of reading the operators of a file. */
interface TfliteGraph {
  readonly nodes: readonly GraphNode[]
  /** Tensors that differ from those in the file: biases that got their scale, and constants that were computed. */
  readonly parameters: ReadonlyMap<string, StoredTensor>
  /** The integers to which the first operator of the file quantises an input of floats; null if it does not. */
  readonly firstQuantization: TfliteTensor | null
}

/**
 * Turns the operators of a file into `GraphNode`s.
 * @param inputAxes the axes of the input; windows are compared with the maps that follow from them
 * @throws CheckpointError at an operator, or a way to use one, that no MobileNetV2 has
 */
export function tfliteNodes(
  tensors: readonly TfliteTensor[],
  operators: readonly TfliteOperator[],
  input: string,
  inputAxes: Axes,
  outputs: readonly number[],
): TfliteGraph {
  const parameters = new Map<string, StoredTensor>()
  /** Constants that an operator computes, such as float16 weights that the graph converts to float32. */
  const decoded = new Map<number, StoredTensor>()
  /** Values that are computed from an activation's shape. */
  const shapes = new Map<number, ShapeValues>()
  let firstQuantization: TfliteTensor | null = null
  const use = (tensor: StoredTensor): string => {
    parameters.set(tensor.name, tensor)
    return tensor.name
  }
  const graph: GraphBuilder = buildGraph(input, inputAxes, use)

  const tensorAt = (index: number | undefined): TfliteTensor => {
    const tensor = tensors[index ?? -1]
    if (tensor === undefined) throw new CheckpointError('An operator takes a tensor that does not exist.', { got: String(index) })
    return tensor
  }
  const constantAt = (index: number | undefined): StoredTensor | null =>
    decoded.get(index ?? -1) ?? tensors[index ?? -1]?.constant ?? null
  const shapeAt = (index: number | undefined): ShapeValues | null => shapes.get(index ?? -1) ?? integersOf(constantAt(index))

  /** Computes a shape. Returns whether the operator does that. */
  const convertShape = (place: Place, { name, inputs, outputs: [output = -1], options }: TfliteOperator): boolean => {
    const taken = inputs.filter((index) => index >= 0)
    if (name !== 'SHAPE' && !(taken.some((index) => shapes.has(index)) && taken.every((index) => shapeAt(index) !== null)))
      return false
    const at = (index: number): ShapeValues => shapeAt(inputs[index]) ?? refuseOperator(place, 'a shape', 'none')
    const one = (index: number): number => at(index).values[0] ?? Number.NaN
    const arithmetic = arithmetics.get(name)
    const give = (value: ShapeValues): void => {
      shapes.set(output, value)
    }
    if (arithmetic !== undefined) {
      const left = at(0)
      give(
        combineValues(left, at(1), (a, b) =>
          arithmetic === 'add' ? a + b : arithmetic === 'subtract' ? a - b : arithmetic === 'multiply' ? a * b : Math.trunc(a / b),
        ),
      )
      return true
    }
    switch (name) {
      case 'SHAPE':
        give(vectorValue(shapeOf(graph.axesOf(place, tensorAt(inputs[0]).name))))
        return true
      case 'STRIDED_SLICE': {
        const bit = (field: number): boolean => ((options?.int32(field, 0) ?? 0) & 1) === 1
        const begin = bit(sliceOptions.beginMask) ? null : one(1)
        const end = bit(sliceOptions.endMask) ? null : one(2)
        give(stridedSliceValues(at(0), begin, end, one(3), bit(sliceOptions.shrinkMask)))
        return true
      }
      case 'PACK':
        give(packValues(inputs.map((_, index) => at(index))))
        return true
      case 'CONCATENATION':
        give(concatValues(inputs.map((_, index) => at(index))))
        return true
      case 'GATHER':
        give(gatherValues(at(0), at(1)))
        return true
      case 'REDUCE_PROD':
        give(productValue(at(0)))
        return true
      case 'RESHAPE':
      case 'SQUEEZE':
      case 'EXPAND_DIMS':
        give(vectorValue(at(0).values))
        return true
      case 'CAST':
        give(at(0))
        return true
      default:
        return refuseOperator(place, 'a shape that can be computed', name)
    }
  }

  const convert = (operator: TfliteOperator) => {
    const { name, inputs, options } = operator
    const { name: output } = tensorAt(operator.outputs[0])
    const place = { operation: name, output }
    const stranger = strangers.get(name)
    if (stranger !== undefined) {
      throw new CheckpointError(`The TensorFlow Lite model is ${stranger[0]}.`, { got: name, remedy: stranger[1] })
    }
    checkInputCount(place, counts, inputs.length)
    if (convertShape(place, operator)) return
    const first = tensorAt(inputs[0])
    const weighted = (): { kernel: StoredTensor; bias: StoredTensor | null } => {
      const kernel = constantAt(inputs[1])
      const bias = inputs[2] === undefined || inputs[2] < 0 ? null : constantAt(inputs[2])
      if (kernel === null || (bias === null && (inputs[2] ?? -1) >= 0))
        return refuseOperator(place, 'constant weights', 'weights that are computed')
      const scaled = bias === null ? null : scaledBias(bias, first, kernel)
      if (scaled !== null) use(scaled)
      return { kernel, bias: scaled }
    }
    const operand = (index: number): Operand => {
      const constant = constantAt(inputs[index])
      if (constant === null) return { activation: tensorAt(inputs[index]).name }
      const count = valueCount(constant.shape)
      return { constant, values: [...vectorValues({ ...constant, shape: [count] }, count)] }
    }
    const integersAt = (index: number): readonly number[] =>
      shapeAt(inputs[index])?.values ?? refuseOperator(place, `constants as input ${index}`, 'none')
    /**
     * Adds an operator without its activation, and then the activation. If there is an activation, the operator gets a name of its
     * own.
     */
    const activated = (field: number, add: (inner: Place) => void) => {
      const code = options?.int8(field, 0) ?? 0
      const activation = activations[code] ?? `activation ${code}`
      if (activation === 'linear') return add(place)
      const inner = { operation: name, output: `${output}/linear` }
      add(inner)
      graph.activation(place, inner.output, activation)
    }
    const activationOf = (field: number): string => {
      const code = options?.int8(field, 0) ?? 0
      return activations[code] ?? `activation ${code}`
    }
    const windowOf = (fields: { padding: number; strideWidth: number; strideHeight: number }) => {
      const stride = options?.int32(fields.strideHeight, 0) ?? 0
      if (stride < 1 || options?.int32(fields.strideWidth, 0) !== stride) refuseOperator(place, 'one stride', `stride ${stride}`)
      const padding: 'same' | 'valid' | Padding = options?.int8(fields.padding, 0) === samePadding ? 'same' : 'valid'
      return { stride, padding }
    }

    const arithmetic = arithmetics.get(name)
    const apply = functions.get(name)
    const choice = choices.get(name.toLowerCase().replaceAll('_', ''))
    if (arithmetic !== undefined) {
      return activated(0, (inner) => graph.arithmetic(inner, arithmetic, operand(0), operand(1)))
    }
    if (apply !== undefined) return graph.apply(place, [first.name], name, apply)
    if (choice !== undefined) {
      const operands = inputs.map((_, index) => {
        const found = operand(index)
        if ('activation' in found) return found.activation
        return found.values.length === 1 ? found.values[0]! : refuseOperator(place, 'one number', `${found.values.length}`)
      })
      return graph.apply(place, operands, name, choice)
    }
    switch (name) {
      case 'CONV_2D':
      case 'DEPTHWISE_CONV_2D': {
        const isDepthwise = name === 'DEPTHWISE_CONV_2D'
        const fields = isDepthwise ? depthwiseOptions : convolutionOptions
        const dilations = [options?.int32(fields.dilationWidth, 1) ?? 1, options?.int32(fields.dilationHeight, 1) ?? 1]
        if (dilations.some((dilation) => dilation !== 1)) refuseOperator(place, 'no dilation', dilations.join(' and '))
        const { kernel, bias } = weighted()
        const node = {
          kind: isDepthwise ? 'depthwise' : 'convolution',
          inputs: [first.name] as const,
          ...{ output, kernel: kernel.name, bias: bias?.name ?? null },
          layout: isDepthwise ? tfliteLayouts.depthwise : tfliteLayouts.convolution,
          ...{ ...windowOf(fields), activation: activationOf(fields.activation) },
        } as const
        graph.convolution(place, 'NHWC', node, kernel)
        return
      }
      case 'FULLY_CONNECTED': {
        const { kernel, bias } = weighted()
        const [, width = 0] = kernel.shape
        const before = shapeOf(graph.axesOf(place, first.name))
        const keep = options?.uint8(fullyConnectedOptions.keepDimensions, 0) === 1
        if (kernel.shape.length !== 2 || width < 1 || options?.int8(fullyConnectedOptions.weightsFormat, 0) !== 0) {
          refuseOperator(place, 'weights of two axes', `weights [${kernel.shape.slice(0, 8).join(', ')}]`)
        }
        let from = first.name
        if (!(before.at(-1) === width && (keep || before.length === 2))) {
          from = `${output}/rows`
          graph.reshape({ operation: name, output: from }, first.name, [-1, width])
        }
        graph.dense(place, from, kernel, 'OI', bias?.name ?? null, activationOf(fullyConnectedOptions.activation))
        return
      }
      case 'DEQUANTIZE': {
        const constant = constantAt(inputs[0])
        if (constant === null) graph.same(place, first.name)
        else decoded.set(operator.outputs[0]!, constant)
        return
      }
      case 'QUANTIZE':
        if (first.name === input) firstQuantization ??= tensorAt(operator.outputs[0])
        graph.same(place, first.name)
        return
      case 'PAD':
      case 'PADV2': {
        const values = integersAt(1)
        const value = name === 'PADV2' ? operand(2) : null
        if (value !== null && !('values' in value && value.values.length === 1 && value.values[0] === 0)) {
          refuseOperator(place, 'zeros around height and width', 'other values')
        }
        const sides = Array.from({ length: values.length / 2 }, (_, axis) => [values[2 * axis]!, values[2 * axis + 1]!] as const)
        graph.pad(place, first.name, sides)
        return
      }
      case 'AVERAGE_POOL_2D':
      case 'MAX_POOL_2D': {
        const [height, width] = [options?.int32(poolOptions.filterHeight, 0) ?? 0, options?.int32(poolOptions.filterWidth, 0) ?? 0]
        const before = graph.axesOf(place, first.name)
        const padding = options?.int8(poolOptions.padding, 0) === samePadding ? 'same' : 'valid'
        // With a single window, strides have no effect, and may differ.
        const stride = Math.max(extentIn(before, 'H'), extentIn(before, 'W'))
        const kind = name === 'MAX_POOL_2D' ? 'globalMaxPool' : 'globalAveragePool'
        return activated(poolOptions.activation, (inner) =>
          graph.pool(inner, kind, first.name, 'NHWC', { height, width, stride, padding }),
        )
      }
      case 'MEAN':
      case 'REDUCE_MAX': {
        const keep = options?.uint8(0, 0) === 1
        graph.reduce(place, name === 'MEAN' ? 'globalAveragePool' : 'globalMaxPool', first.name, integersAt(1), keep)
        return
      }
      case 'LEAKY_RELU': {
        const slope = options?.float32(0, 0) ?? 0
        graph.apply(place, [first.name], name, leakyRelu(slope))
        return
      }
      case 'PRELU': {
        const found = operand(1)
        if (!('values' in found) || found.values.length !== 1) return refuseOperator(place, 'one slope', 'a slope for each channel')
        const [slope = 0] = found.values
        graph.apply(place, [first.name], name, leakyRelu(slope))
        return
      }
      case 'GELU': {
        const approximate = options?.uint8(0, 0) === 1
        graph.apply(place, [first.name], name, activationFunction(approximate ? 'geluTanh' : 'gelu'))
        return
      }
      case 'SOFTMAX': {
        const beta = options?.float32(softmaxOptions.beta, 0) ?? 1
        if (beta !== 1) refuseOperator(place, 'a softmax of the logits', `one of ${beta} times the logits`)
        graph.softmax(place, first.name)
        return
      }
      case 'LOG_SOFTMAX':
        graph.softmax(place, first.name)
        return
      case 'RESHAPE': {
        const constant = constantAt(inputs[0])
        const isStated = shapes.has(inputs[1] ?? -1) || constantAt(inputs[1]) !== null
        const stated = inputs[1] === undefined || inputs[1] < 0 ? 'int32' : tensorAt(inputs[1]).dtype
        if (stated !== 'int32' && stated !== 'int64') refuseOperator(place, 'a shape of integers', `one of ${stated}`)
        const target = isStated ? integersAt(1) : (options?.int32s(0) ?? [])
        const wanted = target.length > 0 ? target : tensorAt(operator.outputs[0]).shape
        if (constant === null) graph.reshape(place, first.name, wanted)
        else if (valueCount(wanted) === valueCount(constant.shape) && constant.quantization === null) {
          decoded.set(operator.outputs[0]!, { ...constant, name: output, shape: wanted })
          use({ ...constant, name: output, shape: wanted })
        } else refuseOperator(place, 'a constant in another shape', `[${wanted.slice(0, 8).join(', ')}]`)
        return
      }
      case 'SQUEEZE':
        graph.squeeze(place, first.name, options?.int32s(0) ?? [])
        return
      case 'EXPAND_DIMS': {
        const before = shapeOf(graph.axesOf(place, first.name))
        const [axis = 0] = integersAt(1)
        const at = axis < 0 ? axis + before.length + 1 : axis
        graph.reshape(place, first.name, [...before.slice(0, at), 1, ...before.slice(at)])
        return
      }
      case 'TRANSPOSE':
        graph.transpose(place, first.name, integersAt(1))
        return
      case 'CAST':
        graph.same(place, first.name)
        return
      case 'CONCATENATION': {
        const names = inputs.map((index) => tensorAt(index).name)
        return activated(concatenationOptions.activation, (inner) =>
          graph.concat(inner, names, options?.int32(concatenationOptions.axis, 0) ?? 0),
        )
      }
      case 'TILE':
        graph.tile(place, first.name, integersAt(1))
        return
      case 'RESIZE_BILINEAR':
      case 'RESIZE_NEAREST_NEIGHBOR':
        return graph.resize(place, first.name)
      default:
        refuseOperator(place, 'the operators of a MobileNet classifier', name)
    }
  }

  const named = operators.map((operator) => ({
    operator,
    inputs: operator.inputs.filter((index) => index >= 0).map(String),
    outputs: operator.outputs.map(String),
  }))
  const needed = neededNodes(
    named,
    outputs.map(String),
    ({ operator }) => operator.name !== 'DEQUANTIZE' && constantAt(operator.inputs[1]) !== null,
    ({ operator }) => operator.name === 'ARG_MAX' || operator.name === 'TOPK_V2',
  )
  for (const { operator } of needed.nodes) convert(operator)
  return { nodes: graph.finish(tensorAt(Number(needed.output)).name), parameters, firstQuantization }
}
