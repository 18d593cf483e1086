import {
  type Activation,
  type Architecture,
  type ConvolutionLayer,
  checkParameters,
  type DenseLayer,
  type DepthwiseLayer,
  foldedParameterCount,
  type HeadActivation,
  isActivation,
  isSamePadding,
  isWeighted,
  type Layer,
  type LayerId,
  leakyReluSlope,
  MobileNetV2Error,
  parametersOf,
  type Shape,
  type WeightedLayer,
} from '@mobilenetv2/spec'
import type { RunnableNetwork } from '../network.js'
import { flattens, givesMap } from './gives-map.js'
import { type GraphWriter, startGraph, type TensorIndex } from './tflite/graph-writer.js'
import { activations, paddings } from './tflite/schema.js'

/** A flatbuffer's offsets are signed 32-bit integers. */
const largestFile = 2 ** 31 - 1

/** More than the names, shapes, options and alignment of any one layer take, in bytes; and of the model itself. */
const overhead = 2048

/** @throws MobileNetV2Error `PARAMETERS` if the file would be larger than its offsets can tell */
function fileSize(architecture: Architecture): number {
  const bytes = foldedParameterCount(architecture) * Float32Array.BYTES_PER_ELEMENT + (architecture.layers.length + 1) * overhead
  if (bytes > largestFile) {
    throw new MobileNetV2Error('PARAMETERS', 'The parameters do not fit into one TFLite file.', {
      expected: `at most ${largestFile} bytes`,
      got: `${bytes} bytes`,
      remedy: 'Write a format that has no such limit, such as a TensorFlow.js graph model in shards.',
    })
  }
  return bytes
}

/** The shape of a layer's output in the file. */
function tensorShape(layer: Layer): number[] {
  return givesMap(layer) ? mapShape(layer.output) : [1, layer.output.channels]
}

function mapShape({ height, width, channels }: Shape): number[] {
  return [1, height, width, channels]
}

/** A kernel whose last axis is the output channel, with that axis first. */
function outputChannelFirst(kernel: Float32Array, channels: number): Float32Array {
  const rows = kernel.length / channels
  const moved = new Float32Array(kernel.length)
  for (let row = 0; row < rows; row++) {
    for (let channel = 0; channel < channels; channel++) moved[channel * rows + row] = kernel[row * channels + channel]!
  }
  return moved
}

/** The layer's kernel as TFLite stores it: a depthwise one `[1, height, width, channels]`, the others output channel first. */
function addKernel(graph: GraphWriter, layer: WeightedLayer, kernel: Float32Array): TensorIndex {
  const name = `${layer.id}/kernel`
  switch (layer.kind) {
    case 'depthwise':
      return graph.constant(name, [1, ...layer.kernelShape], kernel)
    case 'convolution': {
      const [height, width, inputs, outputs] = layer.kernelShape
      return graph.constant(name, [outputs, height, width, inputs], outputChannelFirst(kernel, outputs))
    }
    case 'pointwise': {
      const [inputs, outputs] = layer.kernelShape
      return graph.constant(name, [outputs, 1, 1, inputs], outputChannelFirst(kernel, outputs))
    }
    case 'dense': {
      const [inputs, outputs] = layer.kernelShape
      return graph.constant(name, [outputs, inputs], outputChannelFirst(kernel, outputs))
    }
    default:
      throw new Error(`unknown layer ${layer satisfies never}`)
  }
}

/** The layer's input with the zeros around it that SAME does not give, and what the operator then has to pad by itself. */
function addPadding(graph: GraphWriter, layer: ConvolutionLayer | DepthwiseLayer, input: TensorIndex): [TensorIndex, number] {
  if (isSamePadding(layer)) return [input, paddings.same]
  const { id, padding } = layer
  const { top, bottom, left, right } = padding
  const { height, width, channels } = layer.input
  const zeros = graph.constant(`${id}/padding`, [4, 2], Int32Array.of(0, 0, top, bottom, left, right, 0, 0))
  const padded = graph.activation(`${id}/padded`, [1, top + height + bottom, left + width + right, channels])
  graph.operator('PAD', [input, zeros], padded, {})
  return [padded, paddings.valid]
}

/** The values of a map in one row, as they lie in memory. */
function addFlatten(graph: GraphWriter, { id, kernelShape }: DenseLayer, input: TensorIndex): TensorIndex {
  const shape = [1, kernelShape[0]]
  const flat = graph.activation(`${id}/flat`, shape)
  graph.operator('RESHAPE', [input, graph.constant(`${id}/shape`, [2], Int32Array.from(shape))], flat, {})
  return flat
}

/** An activation as operators of its own, after the operator of its layer. */
function addActivation(
  graph: GraphWriter,
  layer: DenseLayer,
  activation: Exclude<HeadActivation, Activation>,
  input: TensorIndex,
  output: TensorIndex,
): void {
  switch (activation) {
    case 'sigmoid':
      graph.operator('LOGISTIC', [input], output, {})
      break
    case 'tanh':
      graph.operator('TANH', [input], output, {})
      break
    case 'elu':
      graph.operator('ELU', [input], output, {})
      break
    case 'hardSwish':
      graph.operator('HARD_SWISH', [input], output, {})
      break
    case 'silu': {
      const gate = graph.activation(`${layer.id}/sigmoid`, tensorShape(layer))
      graph.operator('LOGISTIC', [input], gate, {})
      graph.operator('MUL', [input, gate], output, { activation: activations.linear })
      break
    }
    case 'gelu':
    case 'geluTanh':
      graph.operator('GELU', [input], output, { approximate: activation === 'gelu' ? 0 : 1 })
      break
    case 'selu':
      throw new MobileNetV2Error('OPTION', 'TFLite has no operator for an activation of this network.', {
        where: `layer ${layer.id}`,
        got: activation,
        remedy: 'Write safetensors, ONNX or TensorFlow.js.',
      })
    default:
      graph.operator('LEAKY_RELU', [input], output, { slope: leakyReluSlope(activation) })
  }
}

/** One layer without its residual: `output` = activation(layer(`input`)). */
function addLayer(
  graph: GraphWriter,
  layer: Layer,
  parameters: RunnableNetwork['parameters'],
  input: TensorIndex,
  output: TensorIndex,
): void {
  if (!isWeighted(layer)) {
    const axes = graph.constant(`${layer.id}/axes`, [2], Int32Array.of(1, 2))
    graph.operator(layer.kind === 'globalMaxPool' ? 'REDUCE_MAX' : 'MEAN', [input, axes], output, { keepDimensions: 0 })
    return
  }
  const { kernel, bias } = parametersOf(parameters, layer)
  const constants = [addKernel(graph, layer, kernel), graph.constant(`${layer.id}/bias`, [bias.length], bias)]
  switch (layer.kind) {
    case 'convolution': {
      const { stride } = layer
      const activation = activations[layer.activation]
      const [source, padding] = addPadding(graph, layer, input)
      graph.operator('CONV_2D', [source, ...constants], output, { padding, strideWidth: stride, strideHeight: stride, activation })
      break
    }
    case 'depthwise': {
      const { stride } = layer
      const activation = activations[layer.activation]
      const [source, padding] = addPadding(graph, layer, input)
      const window = { padding, strideWidth: stride, strideHeight: stride, depthMultiplier: 1 }
      graph.operator('DEPTHWISE_CONV_2D', [source, ...constants], output, { ...window, activation })
      break
    }
    case 'pointwise': {
      const window = { padding: paddings.same, strideWidth: 1, strideHeight: 1 }
      graph.operator('CONV_2D', [input, ...constants], output, { ...window, activation: activations[layer.activation] })
      break
    }
    case 'dense': {
      if (isActivation(layer.activation)) {
        graph.operator('FULLY_CONNECTED', [input, ...constants], output, { activation: activations[layer.activation] })
        break
      }
      const linear = graph.activation(`${layer.id}/linear`, tensorShape(layer))
      graph.operator('FULLY_CONNECTED', [input, ...constants], linear, { activation: activations.linear })
      addActivation(graph, layer, layer.activation, linear, output)
      break
    }
    default:
      throw new Error(`unknown layer ${layer satisfies never}`)
  }
}

/**
 * A network and its parameters as a TensorFlow Lite model, which LiteRT (native, Android, LiteRT.js) runs: float32, one picture at
 * a time, input `input` `[1, height, width, 3]`, output `logits` `[1, classes]` without softmax. Tensors carry their layers' ids.
 * Padding is SAME where TensorFlow's SAME is the layer's own padding; elsewhere a PAD operator states the zeros.
 * @returns the file
 * @throws MobileNetV2Error `PARAMETERS` if parameters are missing or of another shape, or the file would exceed 2 GiB; `OPTION` if a
 * layer has the activation selu, for which TFLite has no operator
 */
export function toTflite({ architecture, parameters }: RunnableNetwork): Uint8Array {
  const bytes = fileSize(architecture)
  checkParameters(architecture, parameters)
  const graph = startGraph(bytes)
  const input = graph.activation('input', mapShape(architecture.input))
  const last = architecture.layers.at(-1)
  const outputs = new Map<LayerId, TensorIndex>()
  let before = input
  architecture.layers.forEach((layer, index) => {
    if (flattens(layer, architecture.layers[index - 1])) before = addFlatten(graph, layer, before)
    const shape = tensorShape(layer)
    const after = graph.activation(layer === last ? 'logits' : layer.id, shape)
    if (layer.residual === null) addLayer(graph, layer, parameters, before, after)
    else {
      const branch = graph.activation(`${layer.id}/branch`, shape)
      addLayer(graph, layer, parameters, before, branch)
      graph.operator('ADD', [outputs.get(layer.residual)!, branch], after, { activation: activations.linear })
    }
    outputs.set(layer.id, after)
    before = after
  })
  return graph.finish([input], [before])
}
