import { type Activation, type ConvolutionLayer, type DepthwiseLayer, isSamePadding, type WeightedLayer } from '@mobilenetv2/spec'
import type { ActivationType, GraphWriter, TensorIndex } from './graph-writer.js'
import { activations, paddings } from './schema.js'

/** The tensors of an operator with weights, and its activation. */
export interface OperatorParts {
  readonly input: TensorIndex
  /** The type of the input; null for float32. */
  readonly inputType: ActivationType | null
  readonly kernel: TensorIndex
  readonly bias: TensorIndex
  readonly output: TensorIndex
  readonly activation: Activation
}

/**
 * The version of each operator that has kernels for 8-bit integers, with a scale for each output channel if it has weights. For
 * FULLY_CONNECTED TensorFlow's converter writes 4, but the first runtimes with that version use one scale for all channels. Those with
 * version 12 do not.
 */
export const integerVersions = {
  ADD: 2,
  CONV_2D: 3,
  DEPTHWISE_CONV_2D: 3,
  FULLY_CONNECTED: 12,
  LOGISTIC: 2,
  MEAN: 2,
  PAD: 2,
  QUANTIZE: 2,
  SOFTMAX: 2,
} as const

/** Adds the zeros that SAME does not give. Returns the padded input, and the padding of the operator itself. */
function addPadding(
  graph: GraphWriter,
  layer: ConvolutionLayer | DepthwiseLayer,
  { input, inputType }: OperatorParts,
): [TensorIndex, number] {
  if (isSamePadding(layer)) return [input, paddings.same]
  const { id, padding } = layer
  const { top, bottom, left, right } = padding
  const { height, width, channels } = layer.input
  const zeros = graph.constant(`${id}/padding`, [4, 2], Int32Array.of(0, 0, top, bottom, left, right, 0, 0))
  const padded = graph.activation(`${id}/padded`, [1, top + height + bottom, left + width + right, channels], inputType)
  graph.operator('PAD', [input, zeros], padded, {}, inputType === null ? undefined : integerVersions.PAD)
  return [padded, paddings.valid]
}

/** Adds the operator of a layer with weights, with its activation. */
export function addWeightedOperator(graph: GraphWriter, layer: WeightedLayer, parts: OperatorParts): void {
  const { input, inputType, kernel, bias, output } = parts
  const activation = activations[parts.activation]
  const versionOf = (name: keyof typeof integerVersions) => (inputType === null ? undefined : integerVersions[name])
  switch (layer.kind) {
    case 'convolution': {
      const { stride } = layer
      const [source, padding] = addPadding(graph, layer, parts)
      const options = { padding, strideWidth: stride, strideHeight: stride, activation }
      graph.operator('CONV_2D', [source, kernel, bias], output, options, versionOf('CONV_2D'))
      break
    }
    case 'depthwise': {
      const { stride } = layer
      const [source, padding] = addPadding(graph, layer, parts)
      const options = { padding, strideWidth: stride, strideHeight: stride, depthMultiplier: 1, activation }
      graph.operator('DEPTHWISE_CONV_2D', [source, kernel, bias], output, options, versionOf('DEPTHWISE_CONV_2D'))
      break
    }
    case 'pointwise': {
      const options = { padding: paddings.same, strideWidth: 1, strideHeight: 1, activation }
      graph.operator('CONV_2D', [input, kernel, bias], output, options, versionOf('CONV_2D'))
      break
    }
    case 'dense':
      graph.operator('FULLY_CONNECTED', [input, kernel, bias], output, { activation }, versionOf('FULLY_CONNECTED'))
      break
    default:
      throw new Error(`unknown layer ${layer satisfies never}`)
  }
}
