import {
  type Architecture,
  type IntegerActivation,
  type IntegerPool,
  type IntegerWeights,
  isActivation,
  isWeighted,
  kernelLength,
  type Layer,
  type LayerId,
  MobileNetV2Error,
  type WeightedLayer,
} from '@mobilenetv2/spec'
import { additionOf, boundsOf, clamped, inputIntegers, meanOf } from '../integer-arithmetic.js'
import type { DescribedNetwork } from '../model-description.js'
import type { Network } from '../network.js'
import { readsAsSoftmax } from '../reads-as-softmax.js'
import type { StoredActivation } from '../stored-integers.js'
import { describeNetwork } from './describe-network.js'
import { fileSize } from './tflite/file-size.js'
import { type ActivationType, type GraphWriter, startGraph, type TensorIndex } from './tflite/graph-writer.js'
import { kernelScales } from './tflite/kernel-scales.js'
import { finishModel } from './tflite/metadata.js'
import { activations } from './tflite/schema.js'
import { mapShape, storedKernel, tensorShape } from './tflite/tensors.js'
import { addWeightedOperator, integerVersions } from './tflite/weighted-operator.js'

/** The parts of a network that a TensorFlow Lite file of integers contains. */
export type IntegerNetwork = DescribedNetwork & Pick<Network, 'architecture' | 'integers'>

/** Bytes of an output channel beside its kernel: its bias, and a scale and a zero point for both. */
const channelBytes = 4 + 2 * (4 + 8)

/** The bytes of all kernels and biases. */
function parameterBytes({ layers }: Architecture): number {
  return layers.filter(isWeighted).reduce((total, layer) => total + kernelLength(layer) + layer.biasLength * channelBytes, 0)
}

/** The scale and zero point that LiteRT demands for probabilities. */
const probabilities: StoredActivation = { scale: 1 / 256, zeroPoint: -128, least: 0, most: 255 }

function refuse(where: string): never {
  throw new MobileNetV2Error('PARAMETERS', 'The integers of this network cannot be written as int8 of TensorFlow Lite.', {
    where,
    expected: 'kernels from -128 to 127 with a scale for each channel, as `quantize` makes them',
    remedy: 'Keep the file that the network was read from, or quantise a float network.',
  })
}

/** An activation of int8 with a zero point. */
function signed({ scale }: IntegerActivation, zeroPoint: number): StoredActivation {
  return { scale, zeroPoint, least: -128 - zeroPoint, most: 127 - zeroPoint }
}

function int8({ scale, zeroPoint }: StoredActivation): ActivationType {
  return { type: 'int8', quantization: { scales: [scale], zeroPoint, axis: 0 } }
}

function uint8({ scale, zeroPoint }: StoredActivation): ActivationType {
  return { type: 'uint8', quantization: { scales: [scale], zeroPoint: zeroPoint + 128, axis: 0 } }
}

function isSame(one: object, other: object | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** A tensor of the graph, and what its integers stand for. */
interface Given {
  readonly tensor: TensorIndex
  readonly activation: StoredActivation
}

/** Appends the input and its conversion to signed integers. The input is levels of 0 to 255 if that is possible, else floats. */
function addInput(graph: GraphWriter, { architecture, integers, preprocessing }: IntegerNetwork): Given & { input: TensorIndex } {
  const { input } = integers!
  const activation = signed(input, -128 - input.least)
  const takesLevels = isSame(input, inputIntegers(activation, true, preprocessing))
  if (!takesLevels && !isSame(input, inputIntegers(activation, false, preprocessing))) refuse('the input')
  const shape = mapShape(architecture.input)
  const given = graph.activation('input', shape, takesLevels ? uint8(activation) : null)
  const tensor = graph.activation('input/integers', shape, int8(activation))
  graph.operator('QUANTIZE', [given], tensor, {}, integerVersions.QUANTIZE)
  return { input: given, tensor, activation }
}

function addWeights(graph: GraphWriter, layer: WeightedLayer, integers: IntegerWeights, before: Given, name: string): Given {
  const { id, activation } = layer
  if (!isActivation(activation)) return refuse(`layer ${id}`)
  const output = signed(integers.output, -128 - integers.output.least)
  const { least, most } = clamped(output, boundsOf[activation])
  const scales = kernelScales(integers.multipliers, before.activation.scale, output.scale)
  const fits = least === integers.output.least && most === integers.output.most
  if (!fits || scales === null || integers.kernel.some((weight) => weight < -128 || weight > 127)) return refuse(`layer ${id}`)
  const { shape, values, axis } = storedKernel(layer, Int8Array.from(integers.kernel))
  const { bias } = integers
  const biasScales = scales.map((scale) => before.activation.scale * scale)
  const tensor = graph.activation(name, tensorShape(layer), int8(output))
  addWeightedOperator(graph, layer, {
    input: before.tensor,
    inputType: int8(before.activation),
    kernel: graph.constant(`${id}/kernel`, shape, values, { scales, zeroPoint: 0, axis }),
    bias: graph.constant(`${id}/bias`, [bias.length], bias, { scales: biasScales, zeroPoint: 0, axis: 0 }),
    output: tensor,
    activation,
  })
  return { tensor, activation: output }
}

function addMean(graph: GraphWriter, layer: Layer, integers: IntegerPool, before: Given, name: string): Given {
  const { rounding } = integers
  const output = rounding.by === 'multiplier' ? signed(integers.output, rounding.zeroPoint) : null
  if (output === null || !isSame(integers, meanOf(before.activation, output, layer.input))) return refuse(`layer ${layer.id}`)
  const tensor = graph.activation(name, tensorShape(layer), int8(output))
  const axes = graph.constant(`${layer.id}/axes`, [2], Int32Array.of(1, 2))
  graph.operator('MEAN', [before.tensor, axes], tensor, { keepDimensions: 0 }, integerVersions.MEAN)
  return { tensor, activation: output }
}

function addLayers(graph: GraphWriter, { layers }: Architecture, integers: NonNullable<Network['integers']>, input: Given): Given {
  const outputs = new Map<LayerId, Given>()
  let before = input
  for (const layer of layers) {
    const { id } = layer
    const found = integers.layers.get(id)
    if (found === undefined || (found.kind === 'weights') !== isWeighted(layer)) refuse(`layer ${id}`)
    const name = layer === layers.at(-1) ? 'logits' : id
    if (found.kind === 'pool') before = addMean(graph, layer, found, before, name)
    else if (!isWeighted(layer) || (layer.residual === null) !== (found.addition === null)) refuse(`layer ${id}`)
    else if (found.addition === null) before = addWeights(graph, layer, found, before, name)
    else {
      const own = addWeights(graph, layer, found, before, `${id}/branch`)
      const residual = outputs.get(layer.residual!)!
      const sum = signed(found.addition.output, -128 - found.addition.output.least)
      if (!isSame(found.addition, additionOf(own.activation, residual.activation, sum))) refuse(`layer ${id}`)
      const tensor = graph.activation(name, tensorShape(layer), int8(sum))
      const operands = [residual.tensor, own.tensor]
      graph.operator('ADD', operands, tensor, { activation: activations.linear }, integerVersions.ADD)
      before = { tensor, activation: sum }
    }
    outputs.set(id, before)
  }
  return before
}

/** Appends the output as unsigned integers: probabilities if there are classes. */
function addOutput(graph: GraphWriter, { architecture, classes }: IntegerNetwork, last: Given): TensorIndex {
  const shape = tensorShape(architecture.layers.at(-1)!)
  let { tensor, activation } = last
  if (architecture.classes > 0) {
    activation = probabilities
    const answers = graph.activation('answers', shape, int8(activation))
    if (readsAsSoftmax(classes.output, architecture.classes)) {
      graph.operator('SOFTMAX', [tensor], answers, { beta: 1 }, integerVersions.SOFTMAX)
    } else graph.operator('LOGISTIC', [tensor], answers, {}, integerVersions.LOGISTIC)
    tensor = answers
  }
  const output = graph.activation('output', shape, uint8(activation))
  graph.operator('QUANTIZE', [tensor], output, {}, integerVersions.QUANTIZE)
  return output
}

/**
 * Writes a quantised network as `toTflite` with `dtype: 'I8'` says. LiteRT computes the same bits for each layer as backends that run
 * `integers`.
 * @throws MobileNetV2Error `PARAMETERS` if the network has no integers, or they are not int8 with a scale for each channel
 */
export function writeIntegerTflite(network: IntegerNetwork): Uint8Array {
  const { architecture, integers, preprocessing } = network
  if (integers === null) {
    throw new MobileNetV2Error('PARAMETERS', 'The network has no integers to write.', {
      expected: 'a quantised network',
      remedy: 'Quantise it first: `quantize(network, pictures)` of mobilenetv2, or `mobilenetv2 quantize` on the command line.',
    })
  }
  const graph = startGraph(fileSize(architecture, parameterBytes(architecture)))
  const { input, ...given } = addInput(graph, network)
  const output = addOutput(graph, network, addLayers(graph, architecture, integers, given))
  const outputName = architecture.classes > 0 ? 'probability' : 'features'
  return finishModel({ graph, input, output, outputName }, preprocessing, describeNetwork(network))
}
