import { type StoredTensor, valueCount } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import { type Axes, extentIn, shapeOf } from '../../graph/axes.js'
import { activationFunction, choices, leakyRelu } from '../../graph/functions.js'
import { type Arithmetic, buildGraph, type Operand } from '../../graph/graph-builder.js'
import { checkInputCount, inputCounts } from '../../graph/input-counts.js'
import { neededNodes } from '../../graph/needed-nodes.js'
import type { GraphNode } from '../../graph/node.js'
import { refuseMissing } from '../../graph/refuse-missing.js'
import { foldConstants } from '../fold-constants.js'
import { checkWindow, clipOf, floatOf, integerOf, integersOf, refuseNode, windowOf, zerosOf } from './attributes.js'
import { asVector, bytesOf, mostOfIntegers, numbersOf, vectorOf, withScales } from './constants.js'
import { functionOf, fusedFunction } from './functions.js'
import type { OnnxModel, OnnxNode } from './model.js'
import { onnxShapes } from './shapes.js'

/** The part of a model from which graph nodes are made. */
export interface OnnxSource {
  /** The nodes that the output needs, each after the nodes that it takes. */
  readonly nodes: readonly OnnxNode[]
  /** The constants by the names that nodes use. */
  readonly constants: ReadonlyMap<string, StoredTensor>
  /** The constants that are used as parameters, by their own names, with their scales. */
  readonly parameters: ReadonlyMap<string, StoredTensor>
}

/** Graph nodes, and the constants that they use as parameters. */
export interface OnnxGraph {
  readonly nodes: readonly GraphNode[]
  readonly parameters: ReadonlyMap<string, StoredTensor>
  readonly source: OnnxSource
  /** The scale and zero point of the node that quantises the input, or dequantises an input of integers. */
  readonly inputQuantization: {
    readonly scales: readonly number[]
    readonly zeroPoints: readonly number[]
    readonly type: string
  } | null
}

/** Operators that do not change an activation. */
const identities = new Set(['Identity', 'Dropout', 'Cast', 'DequantizeLinear'])

const arithmetics: ReadonlyMap<string, Arithmetic> = new Map([
  ['Add', 'add'],
  ['Sub', 'subtract'],
  ['Mul', 'multiply'],
  ['Div', 'divide'],
])

/** ONNX's names of the functions in `choices`. */
const choiceNames: ReadonlyMap<string, string> = new Map([
  ['Max', 'maximum'],
  ['Min', 'minimum'],
  ['Pow', 'pow'],
  ['Greater', 'greater'],
  ['GreaterOrEqual', 'greaterequal'],
  ['Less', 'less'],
  ['LessOrEqual', 'lessequal'],
  ['Where', 'select'],
])

/** The number of inputs of each operator, with those that can be left out. */
const counts = inputCounts({
  1: 'Sigmoid Tanh Relu LeakyRelu Elu Selu HardSigmoid HardSwish Gelu FastGelu QuickGelu Softplus Mish Erf Exp Log Neg Abs Sqrt Reciprocal Floor Ceil Identity Cast Shape ConstantOfShape GlobalAveragePool GlobalMaxPool AveragePool MaxPool Softmax LogSoftmax Flatten Transpose DynamicQuantizeLinear',
  '1-2': 'Max Min ReduceMean ReduceMax ReduceProd Squeeze Unsqueeze Reshape',
  '1-3': 'Clip Dropout',
  '1-4': 'Pad',
  '1-5': 'Slice',
  2: 'Add Sub Mul Div Mod Pow Equal Greater GreaterOrEqual Less LessOrEqual MatMul FusedMatMul PRelu Expand Gather',
  '2-3': 'Conv Gemm FusedGemm QuantizeLinear DequantizeLinear Tile',
  '2-4': 'FusedConv ConvInteger MatMulInteger',
  3: 'Where',
  '3-5': 'DynamicQuantizeMatMul',
  '4-5': 'QLinearSigmoid QLinearLeakyRelu QLinearSoftmax QLinearAveragePool QLinearGlobalAveragePool',
  '4-7': 'MatMulIntegerToFloat',
  5: 'BatchNormalization',
  '6-9': 'QGemm',
  '7-8': 'QLinearAdd QLinearMul',
  8: 'QLinearMatMul',
  '8-9': 'QLinearConv',
})

/** Operators with a kernel. The output that depends on the largest number of them is the model's answer. */
const weighted = /Conv|Gemm|MatMul/

/** The largest number that the integers of a ReLU6 may stand for. */
const mostOfRelu6 = 6.06

/** Most axes of a tensor. */
const mostAxes = 8

/** What the file is if it has one of these operators. */
const strangers: ReadonlyMap<string, string> = new Map([
  ['NonMaxSuppression', 'an object detector'],
  ['Resize', 'a network that resizes its maps, as segmentation models and detectors do'],
])

/** The shape that a node gives to a constant; null if it does something else. */
function reshaped(node: OnnxNode, shape: readonly number[], numbersAt: (index: number) => readonly number[]): number[] | null {
  const count = valueCount(shape)
  const stated = integersOf(node, 'axes')
  const axes = stated.length > 0 ? stated : numbersAt(1)
  switch (node.operation) {
    case 'Reshape': {
      const target = numbersAt(1).map((extent, axis) => (extent === 0 ? (shape[axis] ?? 0) : extent))
      const known = target.reduce((product, extent) => (extent === -1 ? product : product * extent), 1)
      const resolved = target.map((extent) => (extent === -1 ? count / known : extent))
      if (
        resolved.length > mostAxes ||
        valueCount(resolved) !== count ||
        resolved.some((extent) => !Number.isInteger(extent) || extent < 0)
      ) {
        return refuseNode(node, `a shape of ${count} values`, `[${target.slice(0, mostAxes).join(', ')}]`)
      }
      return resolved
    }
    case 'Flatten':
      return [1, count]
    case 'Squeeze': {
      const places = axes.map((axis) => (axis < 0 ? axis + shape.length : axis))
      return shape.filter((extent, axis) => extent !== 1 || (places.length > 0 && !places.includes(axis)))
    }
    case 'Unsqueeze': {
      const rank = shape.length + axes.length
      if (rank > mostAxes) return refuseNode(node, `at most ${mostAxes} axes`, String(rank))
      const added = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)))
      const rest = [...shape]
      return Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : (rest.shift() ?? 1)))
    }
    default:
      return null
  }
}

const optimised =
  'Save it with a lower optimisation level (ORT_ENABLE_EXTENDED or ORT_ENABLE_BASIC), or give the model as it was exported.'

/** Refuses a graph that drops values of an activation, or puts them into another order. */
function refuseOrder(node: OnnxNode, got: string): never {
  refuseNode(
    node,
    'all values of an activation in their order',
    got,
    'Export the model without this step, and give labels in the order of its last layer.',
  )
}

/**
 * Turns ONNX's nodes into `GraphNode`s. It reads floats, and the three forms of ONNX Runtime's quantiser: QuantizeLinear and
 * DequantizeLinear around float operators, QLinear operators, and ConvInteger with scales that are computed at run time. Quantised
 * activations become the real numbers. If ONNX Runtime has left out a ReLU6 or ReLU, because the integers of its output cannot be
 * negative, it is inserted again.
 * @param inputAxes the axes of the input, from which shapes are computed
 * @throws CheckpointError at an operator, or a way to use one, that no MobileNetV2 has
 */
export function onnxNodes(model: Pick<OnnxModel, 'nodes' | 'tensors' | 'outputs'>, input: string, inputAxes: Axes): OnnxGraph {
  const constants = new Map(model.tensors)
  const parameters = new Map<string, StoredTensor>()
  /** The order of the stored axes of constants that the graph transposes. */
  const turned = new Map<string, readonly number[]>()
  /** Outputs of convolutions and dense layers to which at most a bias or a BatchNorm has been applied. */
  const linear = new Set<string>()
  /** Those that have no bias yet. */
  const unbiased = new Set<string>()
  /** Outputs of a ReLU6 or ReLU that was inserted again, with its input. */
  const rectified = new Map<string, string>()
  /** The first such output for each function and input. Several nodes may quantise the same activation. */
  const rectifiedOf = new Map<string, string>()
  /** Whether a map ends in a ReLU, and whether one ends in a ReLU6 for certain. */
  let hasRelu = false
  let hasRelu6 = false
  /** Scales of activations that are computed at run time, and their products with the scales of weights, by name. */
  const dynamicScales = new Set<string>()
  const weightScales = new Map<string, StoredTensor>()
  /** Products of integers that have no scale yet, with their kernels. */
  const unscaled = new Map<
    string,
    { readonly kernel: StoredTensor; readonly zeroPoints: readonly number[]; readonly axis: number }
  >()
  let inputQuantization: OnnxGraph['inputQuantization'] = null

  const use = (tensor: StoredTensor): string => {
    const other = parameters.get(tensor.name)
    if (other !== undefined && other.quantization !== tensor.quantization && other.quantization !== null) {
      throw new CheckpointError('Two layers share a tensor.', { tensor: tensor.name })
    }
    parameters.set(tensor.name, tensor)
    return tensor.name
  }
  const graph = buildGraph(input, inputAxes, use)
  const placeOf = (node: OnnxNode) => ({ operation: node.operation, output: node.outputs[0] ?? '' })
  const shapes = onnxShapes(constants, (node, name) => {
    const constant = constants.get(name)
    return constant?.shape ?? shapeOf(graph.axesOf(placeOf(node), name))
  })

  const convert = (node: OnnxNode) => {
    const { operation, inputs } = node
    const place = placeOf(node)
    const { output } = place
    const constantAt = (index: number): StoredTensor | null => constants.get(inputs[index] ?? '') ?? null
    const weightAt = (index: number): StoredTensor => constantAt(index) ?? refuseNode(node, `a constant as input ${index}`, 'none')
    const plainAt = (index: number): StoredTensor =>
      turned.has(inputs[index] ?? '') ? refuseNode(node, 'a constant that is not transposed', 'a transposed one') : weightAt(index)
    const biasAt = (index: number): StoredTensor | null => (inputs[index] ? weightAt(index) : null)
    const numbersAt = (index: number): number[] => {
      const shape = shapes.integersOf(inputs[index])
      if (shape !== null) return [...shape.values]
      const tensor = constantAt(index)
      return tensor === null ? [] : numbersOf(tensor)
    }
    const first = inputs[0] ?? ''
    /** Integers that a node states: an attribute in older operator sets, an input in newer ones. */
    const listOf = (name: string, index: number): readonly number[] => {
      const stated = integersOf(node, name)
      return stated.length > 0 ? stated : numbersAt(index)
    }
    /** The layout of a kernel in the file, from its layout where it is used. */
    const storedLayout = (index: number, layout: string): string => {
      const order = turned.get(inputs[index] ?? '')
      if (order === undefined) return layout
      const letters = [...layout]
      order.forEach((stored, place) => {
        letters[stored] = layout[place] ?? ''
      })
      return letters.join('')
    }

    /** The order that a Transpose gives to axes: by default the reverse. */
    const orderOf = (axes: readonly unknown[]): readonly number[] => {
      const order = integersOf(node, 'perm')
      return order.length > 0 ? order : [...axes.keys()].reverse()
    }
    const isMap = (name: string): boolean => extentIn(graph.axesOf(place, name), 'H') > 1
    /** Adds a node that does not change its input. */
    const pass = (name = first): void => {
      graph.same(place, name)
      if (linear.has(name)) linear.add(output)
      const inserted = rectified.get(name)
      if (inserted !== undefined) rectified.set(output, inserted)
      const pending = unscaled.get(name)
      if (pending !== undefined) unscaled.set(output, pending)
    }
    /** Adds the output of a node that quantises an activation. If its integers cannot be negative, a ReLU6 or ReLU was left out. */
    const quantize = (source: string, scale: StoredTensor | null, zeroPoint: StoredTensor | null): void => {
      const most = linear.has(source) ? mostOfIntegers(scale, zeroPoint) : null
      if (most === null) {
        pass(source)
        return
      }
      const activation = most <= mostOfRelu6 ? 'relu6' : 'relu'
      if (isMap(source)) {
        hasRelu ||= activation === 'relu'
        hasRelu6 ||= Math.abs(most - 6) < 0.01
      }
      const key = `${activation} ${source}`
      const earlier = rectifiedOf.get(key)
      if (earlier !== undefined) {
        pass(earlier)
        return
      }
      // Composed with a Min or a Clip after it, a ReLU is a ReLU6.
      graph.apply(place, [source], activation, activationFunction(activation))
      rectifiedOf.set(key, output)
      rectified.set(output, source)
    }
    /** What an activation was before its inserted ReLU. */
    const beforeRelu = (name: string): string => rectified.get(name) ?? name
    /** The same for the operand of a bias or a BatchNorm. If the layer has a bias, there was a ReLU. */
    const beforeBias = (name: string): string => (unbiased.has(beforeRelu(name)) ? beforeRelu(name) : name)
    const convolution = (kernel: StoredTensor, bias: StoredTensor | null, name: string): void => {
      const group = integerOf(node, 'group', 1)
      const layout = storedLayout(operation.startsWith('QLinear') ? 3 : 1, 'OIHW')
      const extent = (letter: string): number | undefined => kernel.shape[layout.indexOf(letter)]
      const depthwise = group !== 1 && group === extent('O') && extent('I') === 1
      if (kernel.shape.length !== 4 || (group !== 1 && !depthwise)) {
        refuseNode(node, 'a full or a depthwise convolution', `group ${group}, kernel [${kernel.shape.slice(0, 8).join(', ')}]`)
      }
      const window = integersOf(node, 'kernel_shape')
      if (window.length > 0 && (window[0] !== extent('H') || window[1] !== extent('W'))) {
        refuseNode(node, `kernel_shape ${extent('H')}, ${extent('W')}`, window.join(', '))
      }
      const graphNode = {
        kind: depthwise ? 'depthwise' : 'convolution',
        inputs: [first] as const,
        ...{ output: name, kernel: use(kernel), bias: bias === null ? null : use(asVector(bias)) },
        layout: depthwise ? layout.replace('O', 'C').replace('I', '1') : layout,
        ...{ ...windowOf(node), activation: 'linear' },
      } as const
      graph.convolution({ operation, output: name }, 'NCHW', graphNode, kernel)
      linear.add(name)
      if (bias === null) unbiased.add(name)
    }
    const dense = (kernel: StoredTensor, layout: 'IO' | 'OI', bias: StoredTensor | null, name = output): void => {
      graph.dense(
        { operation, output: name },
        first,
        { ...kernel, name: use(kernel) },
        layout,
        bias === null ? null : use(asVector(bias)),
      )
      linear.add(name)
      if (bias === null) unbiased.add(name)
    }
    const product = (layout: 'IO' | 'OI'): 'IO' | 'OI' => (storedLayout(1, layout) === 'OI' ? 'OI' : 'IO')
    const gemmLayout = (): 'IO' | 'OI' => {
      const [alpha, beta] = [floatOf(node, 'alpha', 1), floatOf(node, 'beta', 1)]
      if (alpha !== 1 || beta !== 1 || integerOf(node, 'transA', 0) !== 0) {
        refuseNode(node, 'a product with alpha 1 and beta 1', `alpha ${alpha}, beta ${beta}`)
      }
      const before = shapeOf(graph.axesOf(place, first))
      if (before.length !== 2) refuseNode(node, 'rows of numbers', `[${before.join(', ')}]`)
      return product(integerOf(node, 'transB', 0) === 1 ? 'OI' : 'IO')
    }
    /** The kernel of a QLinear operator with its scales. */
    const quantizedKernel = (axis: number): StoredTensor => withScales(plainAt(3), numbersAt(4), numbersAt(5), axis)
    const quantizedBias = (index: number): StoredTensor | null => {
      const bias = constantAt(index)
      const [activationScale = Number.NaN] = numbersAt(1)
      const scales = numbersAt(4).map((scale) => scale * activationScale)
      return bias === null ? null : withScales(asVector(bias), scales, [0], 0)
    }
    const integerProduct = (kernel: StoredTensor, axis: number): StoredTensor => {
      unscaled.set(output, { kernel, zeroPoints: numbersAt(3), axis })
      return kernel
    }
    const fused = (add: (inner: string) => void) => {
      const word = node.attributes.get('activation')?.text ?? ''
      if (word === '') return add(output)
      const inner = `${output}/linear`
      const apply = fusedFunction(word, node.attributes.get('activation_params')?.floats ?? [])
      add(inner)
      if (apply === null) graph.unknown(place, inner, word)
      else graph.apply(place, [inner], word, apply)
    }
    const operand = (index: number): Operand => {
      const name = inputs[index] ?? ''
      const constant = constants.get(name)
      if (constant === undefined) return { activation: beforeBias(name) }
      const plain = turned.has(name) && constant.shape.length > 1 ? plainAt(index) : constant
      const isNumber = valueCount(plain.shape) === 1 && plain.quantization === null
      return { constant: plain, values: isNumber ? numbersOf(asVector(plain)) : vectorOf(plain) }
    }
    /** An operand of a QLinear operator, whose scale and zero point are the next two inputs. */
    const quantizedOperand = (index: number): Operand => {
      const name = inputs[index] ?? ''
      if (!constants.has(name)) return { activation: beforeBias(name) }
      const scaled = withScales(plainAt(index), numbersAt(index + 1), numbersAt(index + 2), 0)
      return { constant: scaled, values: vectorOf(scaled) }
    }
    const combine = (name: string, arithmetic: Arithmetic, operands: readonly [Operand, Operand]): void => {
      graph.arithmetic({ operation, output: name }, arithmetic, ...operands)
      const isBias = operands.some((side) => 'values' in side)
      if (isBias && operands.some((side) => 'activation' in side && linear.has(side.activation))) linear.add(name)
    }
    /** Adds a QLinear operator. The scale and the zero point of its output are the inputs `scale` and `scale + 1`. */
    const quantized = (scale: number, add: (name: string) => void): void => {
      const before = `${output} before its integers`
      add(before)
      quantize(before, constantAt(scale), constantAt(scale + 1))
    }
    const noteQuantization = (): void => {
      if (first !== input) return
      const [zeroPoint = 0] = numbersAt(2)
      inputQuantization ??= { scales: numbersAt(1), zeroPoints: [zeroPoint], type: constantAt(2)?.dtype ?? 'uint8' }
    }

    checkInputCount(place, counts, inputs.length)
    if (/Conv|Pool/.test(operation)) checkWindow(node)
    if (operation === 'Resize' && graph.isInput(first)) {
      refuseNode(
        node,
        "pictures of the network's own size",
        'a model that resizes its input itself',
        'Export the model without its resizing.',
      )
    }
    const stranger = strangers.get(operation)
    if (stranger !== undefined)
      throw new CheckpointError(`The ONNX model is ${stranger}.`, {
        got: `${operation} ${output}`,
        remedy: 'Only classifiers and feature extractors are read.',
      })
    if (node.domain === 'com.microsoft.nchwc' || operation.startsWith('Reorder') || integerOf(node, 'channels_last', 0) === 1) {
      refuseNode(node, 'weights in the order of ONNX', "ONNX Runtime's own order for one processor", optimised)
    }
    if (shapes.convert(node)) return
    const constant = constantAt(0)
    if (constant !== null) {
      const taken = inputs.map((name) => constants.get(name))
      if (operation === 'Identity' || operation === 'Cast') {
        constants.set(output, constant)
        const order = turned.get(first)
        if (order !== undefined) turned.set(output, order)
        return
      }
      const dtype = constantAt(2)?.dtype ?? 'uint8'
      if (operation === 'QuantizeLinear' && (dtype === 'int8' || dtype === 'uint8')) {
        const scaled = withScales(plainAt(0), numbersAt(1), numbersAt(2), integerOf(node, 'axis', 1))
        constants.set(output, { ...scaled, name: output, dtype, bytes: bytesOf(scaled, dtype), quantization: null })
        return
      }
      if (operation === 'DequantizeLinear') {
        constants.set(output, withScales(constant, numbersAt(1), numbersAt(2), integerOf(node, 'axis', 1)))
        return
      }
      if (operation === 'Transpose' && !turned.has(first)) {
        constants.set(output, constant)
        turned.set(output, orderOf(constant.shape))
        return
      }
      const target = reshaped(node, constant.shape, numbersAt)
      if (target !== null) {
        const isVector = constant.shape.length <= 1 || constant.quantization === null
        constants.set(output, isVector ? { ...plainAt(0), name: output, shape: target } : asVector(plainAt(0)))
        return
      }
      const folded = taken.every((tensor) => tensor !== undefined)
        ? foldConstants(operation.toLowerCase(), output, taken as StoredTensor[])
        : null
      if (folded !== null) {
        constants.set(output, folded)
        return
      }
    }
    const arithmetic = arithmetics.get(operation)
    const isTanh = node.attributes.get('approximate')?.text === 'tanh'
    const apply = functionOf(operation, (name, otherwise) => floatOf(node, name, otherwise), isTanh)
    const choice = choices.get(choiceNames.get(operation) ?? '')
    if (arithmetic !== undefined) {
      const [left = '', right = ''] = inputs
      const scales = weightScales.get(left) ?? weightScales.get(right)
      const scaled = unscaled.get(left) ?? unscaled.get(right)
      const scale = constants.get(left) ?? constants.get(right)
      if (operation === 'Mul' && scale !== undefined && (dynamicScales.has(left) || dynamicScales.has(right))) {
        weightScales.set(output, scale)
        return
      }
      if (operation === 'Mul' && scaled !== undefined && scales !== undefined) {
        const { kernel, zeroPoints, axis } = scaled
        parameters.set(kernel.name, withScales(kernel, numbersOf(scales), zeroPoints, axis))
        const name = unscaled.has(left) ? left : right
        graph.same(place, name)
        if (linear.has(name)) linear.add(output)
        return
      }
      combine(output, arithmetic, [operand(0), operand(1)])
      return
    }
    if (apply !== null) {
      const stated = [...node.attributes].map(([name, { float, text }]) => ` ${name} ${text ?? float?.toPrecision(4)}`)
      if (operation === 'Relu') hasRelu ||= isMap(first)
      // A ReLU has no other function after it: the integers are positive for another reason.
      graph.apply(place, [beforeRelu(first)], `${operation}${stated.join()}`.slice(0, 100), apply)
      return
    }
    if (choice !== undefined) {
      const operands = inputs.map((name, index) => {
        const found = operand(index)
        if ('activation' in found) return name
        return found.values.length === 1 ? found.values[0]! : refuseNode(node, 'one number', String(found.values.length))
      })
      graph.apply(place, operands, operation, operands.length === 1 ? (x) => x : choice)
      return
    }
    if (identities.has(operation)) {
      if (operation === 'DequantizeLinear') noteQuantization()
      pass()
      return
    }
    if (linear.has(first) && /^(Flatten|Reshape|Transpose)$|queeze$/.test(operation)) linear.add(output)
    switch (operation) {
      case 'Constant': {
        const attribute = (name: string) => node.attributes.get(name)
        const single = attribute('value_float')?.float ?? attribute('value_int')?.integer ?? null
        const list =
          single !== null ? [single] : [...(attribute('value_floats')?.floats ?? []), ...(attribute('value_ints')?.integers ?? [])]
        const whole = attribute('value_int') !== undefined || attribute('value_ints') !== undefined
        const tensor = attribute('value')?.tensor ?? null
        if (tensor !== null) constants.set(output, { ...tensor, name: output })
        else if (list.length > 0 || single !== null) {
          const bytes = whole ? BigInt64Array.from(list, (value) => BigInt(Math.trunc(value))) : Float64Array.from(list)
          const shape = single === null ? [list.length] : []
          const dtype = whole ? 'int64' : 'float64'
          constants.set(output, { name: output, shape, dtype, bytes: new Uint8Array(bytes.buffer), quantization: null })
        } else refuseNode(node, 'a tensor', 'another constant')
        return
      }
      case 'Conv':
        convolution(weightAt(1), biasAt(2), output)
        return
      case 'FusedConv':
        fused((inner) => {
          const sum = inputs[3] ?? ''
          const before = sum === '' ? inner : `${output}/convolution`
          convolution(weightAt(1), biasAt(2), before)
          if (sum !== '') graph.arithmetic({ operation, output: inner }, 'add', { activation: before }, { activation: sum })
        })
        return
      case 'ConvInteger':
        convolution(integerProduct(plainAt(1), 0), null, output)
        return
      case 'QLinearConv':
        noteQuantization()
        quantized(6, (name) => convolution(quantizedKernel(0), quantizedBias(8), name))
        return
      case 'Gemm':
      case 'FusedGemm':
        fused((inner) => dense(weightAt(1), gemmLayout(), biasAt(2), inner))
        return
      case 'MatMul':
        dense(weightAt(1), product('IO'), null)
        return
      case 'FusedMatMul': {
        const alpha = floatOf(node, 'alpha', 1)
        if (alpha !== 1 || integerOf(node, 'transA', 0) !== 0)
          refuseNode(node, 'a product with alpha 1, not transposed', `alpha ${alpha}`)
        dense(weightAt(1), product(integerOf(node, 'transB', 0) === 1 ? 'OI' : 'IO'), null)
        return
      }
      case 'MatMulInteger':
        dense(integerProduct(plainAt(1), 1), 'IO', null)
        return
      case 'MatMulIntegerToFloat':
        dense(withScales(plainAt(1), numbersAt(3), numbersAt(5), 1), 'IO', biasAt(6))
        return
      case 'DynamicQuantizeMatMul':
        dense(withScales(plainAt(1), numbersAt(2), numbersAt(3), 1), 'IO', biasAt(4))
        return
      case 'QLinearMatMul':
        quantized(6, (name) => dense(quantizedKernel(1), 'IO', null, name))
        return
      case 'QGemm': {
        const layout = gemmLayout()
        const add = (name: string) => dense(quantizedKernel(layout === 'OI' ? 0 : 1), layout, quantizedBias(6), name)
        // Without a scale its output is floats.
        if (inputs[7]) quantized(7, add)
        else add(output)
        return
      }
      case 'BatchNormalization': {
        const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((index) => use(plainAt(index))) as [string, string, string, string]
        const from = beforeBias(first)
        graph.batchNorm(place, from, { gamma, beta, mean, variance, epsilon: floatOf(node, 'epsilon', 1e-5) })
        if (linear.has(from)) linear.add(output)
        return
      }
      case 'Clip': {
        const [low, high] = clipOf(node, numbersAt)
        hasRelu6 ||= low === 0 && high === 6
        graph.apply(place, [first], `clip from ${low} to ${high}`, (x) => Math.min(Math.max(x, low), high))
        return
      }
      case 'PRelu': {
        const slopes = operand(1)
        if (!('values' in slopes) || slopes.values.length !== 1) return refuseNode(node, 'one slope', 'a slope for each channel')
        const [slope = 0] = slopes.values
        graph.apply(place, [first], operation, leakyRelu(slope))
        return
      }
      case 'QLinearAdd':
      case 'QLinearMul': {
        const operands = [quantizedOperand(0), quantizedOperand(3)] as const
        quantized(6, (name) => combine(name, operation === 'QLinearAdd' ? 'add' : 'multiply', operands))
        return
      }
      case 'Pad':
        graph.pad(place, first, zerosOf(node, graph.axesOf(place, first).length, numbersAt))
        return
      case 'GlobalAveragePool':
      case 'QLinearGlobalAveragePool':
      case 'GlobalMaxPool': {
        const kind = operation === 'GlobalMaxPool' ? 'globalMaxPool' : 'globalAveragePool'
        graph.reduce(place, kind, first, [...graph.axesOf(place, first).keys()].slice(2), true)
        return
      }
      case 'ReduceMean':
      case 'ReduceMax':
        graph.reduce(
          place,
          operation === 'ReduceMax' ? 'globalMaxPool' : 'globalAveragePool',
          first,
          listOf('axes', 1),
          integerOf(node, 'keepdims', 1) === 1,
        )
        return
      case 'AveragePool':
      case 'QLinearAveragePool':
      case 'MaxPool': {
        const [height = 0, width = 0] = integersOf(node, 'kernel_shape')
        const before = graph.axesOf(place, first)
        const automatic = node.attributes.get('auto_pad')?.text ?? 'NOTSET'
        const [top = 0, left = 0, bottom = 0, right = 0] = integersOf(node, 'pads')
        const padding = automatic.startsWith('SAME') ? 'same' : { top, bottom, left, right }
        // With a single window, strides have no effect.
        const stride = Math.max(extentIn(before, 'H'), extentIn(before, 'W'))
        graph.pool(place, operation === 'MaxPool' ? 'globalMaxPool' : 'globalAveragePool', first, 'NCHW', {
          height,
          width,
          stride,
          padding,
        })
        return
      }
      case 'QuantizeLinear':
        noteQuantization()
        // Without a zero point it is 0, which is the lowest integer of unsigned types only.
        if (constantAt(2) === null && integerOf(node, 'output_dtype', 2) % 2 === 1) pass()
        else quantize(first, constantAt(1), constantAt(2))
        return
      case 'DynamicQuantizeLinear':
        dynamicScales.add(node.outputs[1] ?? '')
        pass()
        return
      case 'Softmax':
      case 'LogSoftmax':
      case 'QLinearSoftmax':
        // The default axis depends on the version of the operator.
        graph.softmax(place, beforeRelu(first), node.attributes.has('axis') ? [integerOf(node, 'axis', -1)] : null)
        return
      case 'Flatten': {
        const before = shapeOf(graph.axesOf(place, first))
        const axis = integerOf(node, 'axis', 1)
        if (Math.abs(axis) > before.length) refuseNode(node, `one of ${before.length} axes`, `axis ${axis}`)
        const rows = before.slice(0, axis < 0 ? axis + before.length : axis).reduce((total, extent) => total * extent, 1)
        graph.reshape(place, first, [rows, -1])
        return
      }
      case 'Reshape': {
        const before = shapeOf(graph.axesOf(place, first))
        const copies = integerOf(node, 'allowzero', 0) === 0
        graph.reshape(
          place,
          first,
          listOf('shape', 1).map((extent, axis) => (extent === 0 && copies ? (before[axis] ?? 0) : extent)),
        )
        return
      }
      case 'Concat':
        graph.concat(place, inputs, integerOf(node, 'axis', 0))
        return
      case 'Tile':
        graph.tile(place, first, numbersAt(1))
        return
      case 'Expand': {
        const before = shapeOf(graph.axesOf(place, first))
        const target = numbersAt(1)
        const counts = target.map((extent, axis) => (extent === before[axis] ? 1 : before[axis] === 1 ? extent : Number.NaN))
        graph.tile(place, first, counts)
        return
      }
      case 'Squeeze':
        graph.squeeze(place, first, listOf('axes', 1))
        return
      case 'Unsqueeze':
        graph.reshape(place, first, reshaped(node, shapeOf(graph.axesOf(place, first)), numbersAt)!)
        return
      case 'Gather': {
        const axis = integerOf(node, 'axis', 0)
        const [chosen, ...others] = numbersAt(1)
        const isOne = constantAt(1) !== null && others.length === 0 && valueCount(plainAt(1).shape) === 1
        if (isOne && shapeOf(graph.axesOf(place, first)).at(axis) === 1 && plainAt(1).shape.length > 0) return pass()
        if (isOne && (chosen === 0 || chosen === -1) && graph.take(place, first, axis)) return
        return refuseOrder(node, others.length === 0 ? 'one of them' : 'some of them, or all in another order')
      }
      case 'Slice': {
        const extents = shapeOf(graph.axesOf(place, first))
        const [starts, ends, steps] = [listOf('starts', 1), listOf('ends', 2), listOf('steps', 4)] as const
        const stated = listOf('axes', 3)
        const isWhole = starts.every((start, index) => {
          const extent = extents.at(stated[index] ?? index) ?? 0
          return start === 0 && (ends[index] ?? 0) >= extent && (steps[index] ?? 1) === 1
        })
        return isWhole && starts.length > 0 ? pass() : refuseOrder(node, 'some of them, or all in another order')
      }
      case 'Transpose':
        graph.transpose(place, first, orderOf(graph.axesOf(place, first)))
        return
      default:
        refuseNode(node, 'the operators of a MobileNet classifier', operation.slice(0, 40))
    }
  }

  const given = new Set(model.nodes.flatMap(({ outputs }) => outputs))
  const taken = new Set(model.nodes.flatMap(({ inputs }) => inputs))
  // An empty name stands for an input that is left out.
  const known = new Set(['', input, ...model.tensors.keys(), ...given])
  for (const name of taken) if (!known.has(name)) refuseMissing(name)
  const outputs = model.outputs.length > 0 ? model.outputs : [...given].filter((name) => !taken.has(name))
  const choosers = new Set(model.nodes.flatMap(({ operation, inputs }) => (operation === 'ArgMax' ? inputs.slice(0, 1) : [])))
  const chosen = new Set<string>()
  for (const { operation, inputs, outputs: given } of model.nodes) {
    const [from = ''] = inputs
    const isChoice = operation === 'ArgMax' || operation === 'TopK' || (operation === 'ReduceMax' && choosers.has(from))
    // PyTorch's `max(1)` gives the largest logit and its index. Its type or form may be changed.
    const isChanged = chosen.has(from) && (identities.has(operation) || /queeze$|^QuantizeLinear$/.test(operation))
    if (isChoice || isChanged) for (const output of given) chosen.add(output)
  }
  const needed = neededNodes(
    model.nodes,
    outputs,
    ({ operation }) => weighted.test(operation),
    ({ outputs: [output = ''] }) => chosen.has(output),
  )
  for (const node of needed.nodes) convert(node)
  const source = { nodes: needed.nodes, constants, parameters }
  // A network has ReLUs or ReLU6s. Integers that end below 6 can come from either.
  const isRelu = hasRelu && !hasRelu6
  const nodes = graph
    .finish(needed.output)
    .map((node) => (isRelu && node.kind === 'activation' && rectified.has(node.output) ? { ...node, activation: 'relu' } : node))
  return { nodes, parameters, source, inputQuantization }
}
