import type { StoredTensor } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import type { GraphNode } from '../graph/node.js'
import { tfliteLayouts } from '../layout.js'
import type { FlatbufferTable } from './flatbuffer.js'
import type { TfliteOperator, TfliteTensor } from './tflite.js'

/** `BuiltinOperator` of the schema, as far as a MobileNetV2 is made of them. */
const builtin = {
  add: 0,
  averagePool: 1,
  convolution: 3,
  depthwise: 4,
  dequantize: 6,
  fullyConnected: 9,
  relu6: 21,
  reshape: 22,
  softmax: 25,
  pad: 34,
  mean: 40,
  squeeze: 43,
  quantize: 114,
} as const

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

function refuse(output: string, expected: string, got: string): never {
  throw new CheckpointError('The graph has an operator that no MobileNetV2 has.', { expected, got: `${got}, at ${output}` })
}

function activationOf(options: FlatbufferTable | null, field: number): string {
  const code = options?.int8(field, 0) ?? 0
  return activations[code] ?? `activation ${code}`
}

/**
 * An integer bias (int64 beside int16 activations) without a scale of its own has that of input x kernel, as LiteRT's kernels add it
 * to their sums.
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

/**
 * The operators in the words of `GraphNode`, and the biases that were given their scale, by name.
 * @throws CheckpointError at an operator, or a way to use one, that no MobileNetV2 has
 */
export function tfliteNodes(
  tensors: readonly TfliteTensor[],
  operators: readonly TfliteOperator[],
): { readonly nodes: readonly GraphNode[]; readonly biases: ReadonlyMap<string, StoredTensor> } {
  const biases = new Map<string, StoredTensor>()
  /** Constants that an operator gives: float16 weights, made float32 in the graph. */
  const decoded = new Map<number, StoredTensor>()
  const nodes: GraphNode[] = []

  const tensorAt = (index: number | undefined): TfliteTensor => {
    const tensor = tensors[index ?? -1]
    if (tensor === undefined) throw new CheckpointError('An operator takes a tensor that is not there.', { got: String(index) })
    return tensor
  }
  const constantAt = (index: number | undefined): StoredTensor | null =>
    decoded.get(index ?? -1) ?? tensors[index ?? -1]?.constant ?? null

  for (const { code, inputs, outputs, options } of operators) {
    const { name: output } = tensorAt(outputs[0])
    const first = tensorAt(inputs[0])
    const one = { inputs: [first.name], output } as const
    const weighted = (): { kernel: StoredTensor; bias: StoredTensor | null } => {
      const kernel = constantAt(inputs[1])
      const bias = inputs[2] === undefined || inputs[2] < 0 ? null : constantAt(inputs[2])
      if (kernel === null || (bias === null && (inputs[2] ?? -1) >= 0))
        return refuse(output, 'constant weights', 'weights that are computed')
      const scaled = bias === null ? null : scaledBias(bias, first, kernel)
      if (scaled !== null) biases.set(scaled.name, scaled)
      return { kernel, bias: scaled }
    }
    switch (code) {
      case builtin.convolution:
      case builtin.depthwise: {
        const isDepthwise = code === builtin.depthwise
        const fields = isDepthwise ? depthwiseOptions : convolutionOptions
        const stride = options?.int32(fields.strideHeight, 0) ?? 0
        const dilations = [options?.int32(fields.dilationWidth, 1) ?? 1, options?.int32(fields.dilationHeight, 1) ?? 1]
        if (stride < 1 || options?.int32(fields.strideWidth, 0) !== stride || dilations.some((dilation) => dilation !== 1)) {
          refuse(output, 'one stride and no dilation', `stride ${stride}, dilation ${dilations.join(' and ')}`)
        }
        const { kernel, bias } = weighted()
        nodes.push({
          ...one,
          kind: isDepthwise ? 'depthwise' : 'convolution',
          kernel: kernel.name,
          layout: isDepthwise ? tfliteLayouts.depthwise : tfliteLayouts.convolution,
          bias: bias?.name ?? null,
          stride,
          padding: options?.int8(fields.padding, 0) === samePadding ? 'same' : 'valid',
          activation: activationOf(options, fields.activation),
        })
        break
      }
      case builtin.fullyConnected: {
        const { kernel, bias } = weighted()
        const activation = activationOf(options, 0)
        nodes.push({
          ...one,
          ...{
            kind: 'dense',
            kernel: kernel.name,
            layout: tfliteLayouts.dense,
            bias: bias?.name ?? null,
            stride: 1,
            padding: 'valid',
            activation,
          },
        })
        break
      }
      case builtin.add: {
        const second = tensorAt(inputs[1])
        const activation = activationOf(options, 0)
        if (second.constant !== null || activation !== 'linear')
          refuse(output, 'a shortcut that is added', `an addition, ${activation}`)
        nodes.push({ kind: 'add', inputs: [first.name, second.name], output })
        break
      }
      case builtin.dequantize: {
        const constant = constantAt(inputs[0])
        if (constant === null) nodes.push({ ...one, kind: 'same' })
        else decoded.set(outputs[0]!, constant)
        break
      }
      case builtin.pad: {
        const zeros = constantAt(inputs[1])
        const values = zeros?.dtype === 'int32' ? [...new Int32Array(zeros.bytes.slice().buffer)] : []
        const [batchBefore, batchAfter, top, bottom, left, right, channelBefore, channelAfter] = values
        if (values.length !== 8 || batchBefore !== 0 || batchAfter !== 0 || channelBefore !== 0 || channelAfter !== 0) {
          refuse(output, 'zeros around height and width', `zeros ${values.slice(0, 8).join(', ')}`)
        }
        nodes.push({ ...one, kind: 'pad', padding: { top: top!, bottom: bottom!, left: left!, right: right! } })
        break
      }
      case builtin.averagePool: {
        const [, height, width] = first.shape
        if (options?.int32(4, 0) !== height || options?.int32(3, 0) !== width)
          refuse(output, 'a pool over the whole picture', 'a smaller pool')
        nodes.push({ ...one, kind: 'globalAveragePool' })
        break
      }
      case builtin.mean:
        nodes.push({ ...one, kind: 'globalAveragePool' })
        break
      case builtin.relu6:
        nodes.push({ ...one, kind: 'activation', activation: 'relu6' })
        break
      case builtin.softmax:
        nodes.push({ ...one, kind: 'softmax' })
        break
      case builtin.reshape:
      case builtin.squeeze:
      case builtin.quantize:
        nodes.push({ ...one, kind: 'same' })
        break
      default:
        refuse(output, Object.keys(builtin).join(', '), `operator ${code}`)
    }
  }
  return { nodes, biases }
}
