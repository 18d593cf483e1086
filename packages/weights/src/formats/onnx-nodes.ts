import type { StoredTensor } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import type { GraphNode } from '../graph/node.js'
import { checkPool, clipOf, floatOf, integerOf, refuseNode, windowOf, zerosOf } from './onnx/attributes.js'
import { activationOfIntegers, asVector, numbersOf, vectorOf, withScales } from './onnx/constants.js'
import type { OnnxModel, OnnxNode } from './onnx/model.js'

/** Graph nodes, and the constants that they name, as parameters. */
export interface OnnxGraph {
  readonly nodes: readonly GraphNode[]
  readonly parameters: ReadonlyMap<string, StoredTensor>
}

/** Operators that change the form of an activation but no value. */
const reshapes = new Set(['Flatten', 'Reshape', 'Squeeze', 'Unsqueeze', 'Identity', 'Dropout', 'Cast', 'Transpose'])

/** Operators whose output is one of their constants, in another form. */
const constantReshapes = new Set(['Flatten', 'Reshape', 'Squeeze', 'Unsqueeze'])

/**
 * ONNX's nodes in the words of `GraphNode`: floats, and the three forms of ONNX Runtime's quantiser (QuantizeLinear and
 * DequantizeLinear around float operators, QLinear operators, and ConvInteger with scales found at run time). Quantised activations
 * stand for the real numbers that they round. Where ONNX Runtime has left out a ReLU6 because the integers of its output cannot be
 * negative, it is put in again.
 * @param inputHeight of the network's input, null where the file leaves it open
 * @throws CheckpointError at an operator, or a way to use one, that no MobileNetV2 has
 */
export function onnxNodes(model: Pick<OnnxModel, 'nodes' | 'tensors'>, inputHeight: number | null): OnnxGraph {
  const constants = new Map(model.tensors)
  const parameters = new Map<string, StoredTensor>()
  const nodes: GraphNode[] = []
  /** What is worked out of an activation's shape. */
  const shapes = new Set<string>()
  /** Outputs of convolutions that nothing has been done to but adding a bias or normalising. */
  const linear = new Set<string>()
  /** Outputs of a ReLU6 that was put in again. */
  const rectified = new Set<string>()
  /** Scales of activations that are found at run time; and their products with the scales of weights, by name. */
  const dynamicScales = new Set<string>()
  const weightScales = new Map<string, StoredTensor>()
  /** Integer products that still want their scale: the kernel that they are of. */
  const unscaled = new Map<
    string,
    { readonly kernel: StoredTensor; readonly zeroPoints: readonly number[]; readonly axis: number }
  >()

  const use = (tensor: StoredTensor): string => {
    const other = parameters.get(tensor.name)
    if (other !== undefined && other.quantization !== tensor.quantization && other.quantization !== null) {
      throw new CheckpointError('Two layers share a tensor.', { tensor: tensor.name })
    }
    parameters.set(tensor.name, tensor)
    return tensor.name
  }

  const convert = (node: OnnxNode): void => {
    const { operation, inputs } = node
    const output = node.outputs[0] ?? ''
    const constantAt = (index: number): StoredTensor | null => constants.get(inputs[index] ?? '') ?? null
    const weightAt = (index: number): StoredTensor => constantAt(index) ?? refuseNode(node, `a constant as input ${index}`, 'none')
    const numbersAt = (index: number): number[] => {
      const tensor = constantAt(index)
      return tensor === null ? [] : numbersOf(tensor)
    }
    const first = inputs[0] ?? ''
    const one = { inputs: [first], output } as const

    /** A node that leaves what its input is as it is. */
    const pass = (name = first): void => {
      nodes.push({ kind: 'same', inputs: [name], output })
      if (linear.has(name)) linear.add(output)
      if (rectified.has(name)) rectified.add(output)
    }
    /** The end of a node whose activation is stored as integers: those that cannot be negative stand for a ReLU6 that was left out. */
    const quantize = (source: string, scale: StoredTensor | null, zeroPoint: StoredTensor | null): void => {
      const activation = linear.has(source) ? activationOfIntegers(scale, zeroPoint) : null
      if (activation === null) {
        pass(source)
        return
      }
      nodes.push({ kind: 'activation', inputs: [source], output, activation })
      rectified.add(output)
    }
    const convolution = (kernel: StoredTensor, bias: StoredTensor | null, name: string): void => {
      const group = integerOf(node, 'group', 1)
      const [outputs, perGroup] = kernel.shape
      const depthwise = group !== 1 && group === outputs && perGroup === 1
      if (kernel.shape.length !== 4 || (group !== 1 && !depthwise)) {
        refuseNode(node, 'a full or a depthwise convolution', `group ${group}, kernel [${kernel.shape.join(', ')}]`)
      }
      nodes.push({
        kind: depthwise ? 'depthwise' : 'convolution',
        ...{ inputs: [first], output: name, kernel: use(kernel), layout: depthwise ? 'C1HW' : 'OIHW' },
        ...{ bias: bias === null ? null : use(asVector(bias)), ...windowOf(node), activation: 'linear' },
      })
      linear.add(name)
    }
    const dense = (kernel: StoredTensor, layout: 'IO' | 'OI', bias: StoredTensor | null): void => {
      nodes.push({
        kind: 'dense',
        ...{ inputs: [first], output, kernel: use(kernel), layout, bias: bias === null ? null : use(asVector(bias)) },
        ...{ stride: 1, padding: 'valid', activation: 'linear' },
      })
    }
    const gemmLayout = (): 'IO' | 'OI' => {
      const [alpha, beta] = [floatOf(node, 'alpha', 1), floatOf(node, 'beta', 1)]
      if (alpha !== 1 || beta !== 1 || integerOf(node, 'transA', 0) !== 0) {
        refuseNode(node, 'a product as it is', `alpha ${alpha}, beta ${beta}`)
      }
      return integerOf(node, 'transB', 0) === 1 ? 'OI' : 'IO'
    }
    /** Kernel and bias of a QLinear operator, the bias at the scale of the product. */
    const quantizedKernel = (axis: number): StoredTensor => withScales(weightAt(3), numbersAt(4), numbersAt(5), axis)
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

    if (
      shapes.size > 0 &&
      inputs.some((name) => shapes.has(name)) &&
      inputs.every((name) => name === '' || shapes.has(name) || constants.has(name))
    ) {
      shapes.add(output)
      return
    }
    const constant = constantAt(0)
    if (constant !== null && (operation === 'Identity' || operation === 'Cast')) constants.set(output, constant)
    else if (constant !== null && constantReshapes.has(operation)) constants.set(output, asVector(constant))
    else if (constant !== null && operation === 'DequantizeLinear')
      constants.set(output, withScales(constant, numbersAt(1), numbersAt(2), integerOf(node, 'axis', 1)))
    else if (reshapes.has(operation)) {
      const pending = unscaled.get(first)
      if (pending !== undefined) unscaled.set(output, pending)
      pass()
    } else {
      switch (operation) {
        case 'Constant': {
          const tensor = node.attributes.get('value')?.tensor ?? refuseNode(node, 'a tensor', 'another constant')
          constants.set(output, { ...tensor, name: output })
          break
        }
        case 'Shape':
          shapes.add(output)
          break
        case 'Conv':
          convolution(weightAt(1), inputs[2] ? weightAt(2) : null, output)
          break
        case 'ConvInteger':
          convolution(integerProduct(weightAt(1), 0), null, output)
          break
        case 'QLinearConv': {
          const product = `${output} before its integers`
          convolution(quantizedKernel(0), quantizedBias(8), product)
          quantize(product, constantAt(6), constantAt(7))
          break
        }
        case 'Gemm':
          dense(weightAt(1), gemmLayout(), inputs[2] ? weightAt(2) : null)
          break
        case 'MatMul':
          dense(weightAt(1), 'IO', null)
          break
        case 'MatMulInteger':
          dense(integerProduct(weightAt(1), 1), 'IO', null)
          break
        case 'QLinearMatMul':
          dense(quantizedKernel(1), 'IO', null)
          break
        case 'QGemm': {
          const layout = gemmLayout()
          dense(quantizedKernel(layout === 'OI' ? 0 : 1), layout, quantizedBias(6))
          break
        }
        case 'BatchNormalization': {
          const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((index) => use(weightAt(index))) as [
            string,
            string,
            string,
            string,
          ]
          nodes.push({
            kind: 'batchNorm',
            ...one,
            tensors: { gamma, beta, mean, variance, epsilon: floatOf(node, 'epsilon', 1e-5) },
          })
          if (linear.has(first)) linear.add(output)
          break
        }
        case 'Clip': {
          const activation = clipOf(node, numbersAt)
          if (activation === 'relu6' && rectified.has(first)) pass()
          else nodes.push({ kind: 'activation', ...one, activation })
          break
        }
        case 'Relu':
          nodes.push({ kind: 'activation', ...one, activation: 'relu' })
          break
        case 'Add':
        case 'Sub':
        case 'Mul':
        case 'Div':
          arithmetic(node, output)
          break
        case 'QLinearAdd':
          nodes.push({ kind: 'add', inputs: [first, inputs[3] ?? ''], output })
          break
        case 'Pad': {
          const padding = zerosOf(node, numbersAt)
          // PyTorch's older exports pad by nothing before a pool.
          if (Object.values(padding).every((zeros) => zeros === 0)) pass()
          else nodes.push({ kind: 'pad', ...one, padding })
          break
        }
        case 'GlobalAveragePool':
        case 'QLinearGlobalAveragePool':
          nodes.push({ kind: 'globalAveragePool', ...one })
          break
        case 'ReduceMean':
        case 'AveragePool':
          checkPool(node, numbersAt, inputHeight)
          nodes.push({ kind: 'globalAveragePool', ...one })
          break
        case 'QuantizeLinear':
          quantize(first, constantAt(1), constantAt(2))
          break
        case 'DequantizeLinear':
          pass()
          break
        case 'DynamicQuantizeLinear':
          dynamicScales.add(node.outputs[1] ?? '')
          pass()
          break
        case 'Softmax':
          nodes.push({ kind: 'softmax', ...one })
          break
        default:
          refuseNode(node, 'the operators of a MobileNetV2 classifier', operation.slice(0, 40))
      }
    }
  }

  /** A sum or product: of two activations a shortcut, of an activation and a constant a bias or a scale of the input. */
  const arithmetic = (node: OnnxNode, output: string): void => {
    const { operation } = node
    const [left = '', right = ''] = node.inputs
    const [leftConstant, rightConstant] = [constants.get(left), constants.get(right)]
    const constant = leftConstant ?? rightConstant
    const input = leftConstant === undefined ? left : right
    if (constant === undefined) {
      const scaled = unscaled.get(left) ?? unscaled.get(right)
      const scales = weightScales.get(left) ?? weightScales.get(right)
      if (operation === 'Add') nodes.push({ kind: 'add', inputs: [left, right], output })
      else if (operation === 'Mul' && scaled !== undefined && scales !== undefined) {
        const { kernel, zeroPoints, axis } = scaled
        parameters.set(kernel.name, withScales(kernel, numbersOf(scales), zeroPoints, axis))
        const product = unscaled.has(left) ? left : right
        nodes.push({ kind: 'same', inputs: [product], output })
        if (linear.has(product)) linear.add(output)
      } else refuseNode(node, 'a shortcut that is added', operation)
      return
    }
    if (operation === 'Mul' && dynamicScales.has(input)) {
      weightScales.set(output, constant)
      return
    }
    const reversed = leftConstant !== undefined && (operation === 'Sub' || operation === 'Div')
    if (rightConstant !== undefined && leftConstant !== undefined) refuseNode(node, 'an activation', 'two constants')
    const started = parameters.size > 0
    if (operation === 'Add' && started) {
      nodes.push({ kind: 'bias', inputs: [input], output, tensor: use(asVector(constant)) })
      if (linear.has(input)) linear.add(output)
      return
    }
    const values = vectorOf(constant)
    if (started || reversed || values.length > 3) refuseNode(node, 'a constant that is added, or a scale of the input', operation)
    const [multiply, add] =
      operation === 'Mul'
        ? [values, [0]]
        : operation === 'Div'
          ? [values.map((value) => 1 / value), [0]]
          : [[1], operation === 'Add' ? values : values.map((value) => -value)]
    nodes.push({ kind: 'scale', inputs: [input], output, multiply, add })
  }

  for (const node of model.nodes) convert(node)
  return { nodes, parameters }
}
