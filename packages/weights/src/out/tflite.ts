import {
  type Activation,
  checkOptionNames,
  checkParameters,
  choiceOption,
  type DenseLayer,
  foldedParameterCount,
  type HeadActivation,
  isActivation,
  isWeighted,
  type Layer,
  type LayerId,
  leakyReluSlope,
  MobileNetV2Error,
  parametersOf,
} from '@mobilenetv2/spec'
import type { RunnableNetwork } from '../network.js'
import { describeNetwork, type WritableNetwork } from './describe-network.js'
import { flattens } from './gives-map.js'
import { fileSize } from './tflite/file-size.js'
import { type GraphWriter, startGraph, type TensorIndex } from './tflite/graph-writer.js'
import { finishModel } from './tflite/metadata.js'
import { activations } from './tflite/schema.js'
import { mapShape, storedKernel, tensorShape } from './tflite/tensors.js'
import { addWeightedOperator } from './tflite/weighted-operator.js'
import { type IntegerNetwork, writeIntegerTflite } from './tflite-int8.js'

/** Appends the operator that puts the values of a map into one row, in the order of memory. */
function addFlatten(graph: GraphWriter, { id, kernelShape }: DenseLayer, input: TensorIndex): TensorIndex {
  const shape = [1, kernelShape[0]]
  const flat = graph.activation(`${id}/flat`, shape)
  graph.operator('RESHAPE', [input, graph.constant(`${id}/shape`, [2], Int32Array.from(shape))], flat, {})
  return flat
}

/** Appends an activation that cannot be fused into the operator of its layer. */
function addActivation(
  graph: GraphWriter,
  layer: Layer,
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
      throw new MobileNetV2Error('OPTION', 'TensorFlow Lite has no operator for an activation of this network.', {
        where: `layer ${layer.id}`,
        got: activation,
        remedy: 'Write the network as safetensors, ONNX or TensorFlow.js.',
      })
    default:
      graph.operator('LEAKY_RELU', [input], output, { slope: leakyReluSlope(activation) })
  }
}

/** Appends a layer without its residual: `output` = activation(layer(`input`)). */
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
  const { shape, values } = storedKernel(layer, kernel)
  const parts = {
    input,
    inputType: null,
    kernel: graph.constant(`${layer.id}/kernel`, shape, values),
    bias: graph.constant(`${layer.id}/bias`, [bias.length], bias),
  }
  if (isActivation(layer.activation)) {
    addWeightedOperator(graph, layer, { ...parts, output, activation: layer.activation })
    return
  }
  const linear = graph.activation(`${layer.id}/linear`, tensorShape(layer))
  addWeightedOperator(graph, layer, { ...parts, output: linear, activation: 'linear' })
  addActivation(graph, layer, layer.activation, linear, output)
}

function writeFloatTflite(network: WritableNetwork): Uint8Array {
  const { architecture, parameters } = network
  const bytes = fileSize(architecture, foldedParameterCount(architecture) * Float32Array.BYTES_PER_ELEMENT)
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
  const outputName = architecture.classes > 0 ? 'logits' : 'features'
  return finishModel({ graph, input, output: before, outputName }, network.preprocessing, describeNetwork(network))
}

/** What a TensorFlow Lite file contains: `F32`, the parameters as floats; `I8`, the integers of a quantised network. */
export type TfliteType = 'F32' | 'I8'

/**
 * Writes a network as a TensorFlow Lite model for one picture at a time, which LiteRT runs (native, Android, LiteRT.js). Tensors have the
 * ids of their layers. The labels and preprocessing of a whole network are written into the metadata, from which `readNetwork` reads them
 * back.
 *
 * With `dtype: 'F32'`, the default, the file contains `parameters` as float32. The input is `input`, `[1, height, width, 3]`, and the
 * output `logits`, `[1, classes]`, without softmax. Padding is SAME if TensorFlow's SAME is the layer's padding; else an operator PAD adds
 * the zeros.
 *
 * With `dtype: 'I8'` the file contains `integers`. The input is a picture's levels as `uint8`, `[1, height, width, 3]`, if all three
 * channels are normalised alike; else it is the normalised floats. The output is `uint8`: 256 times the probabilities of the classes, `[1,
 * classes]`, or the features if the network has no classes.
 * @returns the file
 * @throws MobileNetV2Error `PARAMETERS` if parameters are missing or have another shape, if the file would be larger than 2 GiB, if the
 * network has no integers that the format can store, or if options or classes belong to another network; `OPTION` if a layer has the
 * activation selu, for which TensorFlow Lite has no operator, or if an option is unknown or not allowed
 * @example
 * ```ts
 * import { readFile, writeFile } from 'node:fs/promises'
 * import { readNetwork, toTflite } from '@mobilenetv2/weights'
 *
 * const network = await readNetwork(await readFile('mobilenet_v2.pth'))
 * await writeFile('mobilenet_v2.tflite', toTflite(network))
 * ```
 */
export function toTflite(network: WritableNetwork, options?: { readonly dtype?: 'F32' | undefined }): Uint8Array
export function toTflite(network: IntegerNetwork, options: { readonly dtype: 'I8' }): Uint8Array
export function toTflite(
  network: WritableNetwork | IntegerNetwork,
  options: { readonly dtype?: TfliteType | undefined } = {},
): Uint8Array {
  checkOptionNames(options, ['dtype'])
  const dtype = choiceOption('dtype', options.dtype ?? 'F32', ['F32', 'I8'])
  return dtype === 'I8' ? writeIntegerTflite(network as IntegerNetwork) : writeFloatTflite(network as WritableNetwork)
}
