import {
  type Activation,
  type ConvolutionLayer,
  checkParameters,
  type DepthwiseLayer,
  type HeadActivation,
  isSamePadding,
  isWeighted,
  type Layer,
  parametersOf,
  type WeightedLayer,
} from '@mobilenetv2/spec'
import type { RunnableNetwork } from '../network.js'
import { refuseLayer } from './refuse-layer.js'
import {
  constantNode,
  flag,
  float,
  integer,
  integers,
  placeholderNode,
  type TfjsNode,
  tensorShape,
  text,
  texts,
} from './tfjs/graph-def.js'
import { type TfjsShard, writeShards } from './tfjs/shards.js'

/** A weight in the manifest of a TensorFlow.js model. */
interface TfjsWeight {
  name: string
  shape: number[]
  dtype: 'float32' | 'int32'
}

/** One of a graph's inputs or outputs. */
interface TfjsTensorInfo {
  name: string
  dtype: 'DT_FLOAT'
  tensorShape: { dim: { size: string }[] }
}

/** What `model.json` holds; `JSON.stringify` makes the file. Not readonly, so that it is one of TensorFlow.js's own `ModelJSON`. */
export interface TfjsModelJson {
  format: 'graph-model'
  generatedBy: string
  convertedBy: null
  signature: { inputs: { input: TfjsTensorInfo }; outputs: { logits: TfjsTensorInfo } }
  modelTopology: { node: TfjsNode[]; library: Record<string, never>; versions: { producer: number; minConsumer: number } }
  weightsManifest: [{ paths: string[]; weights: TfjsWeight[] }]
}

/** A TensorFlow.js graph model: `model.json` and the files that lie beside it. */
export interface TfjsGraphModel {
  modelJson: TfjsModelJson
  shards: TfjsShard[]
}

/** The length of the batch is left to the caller. */
const anyBatch = -1

/** A GraphDef that says which version wrote it; this one has all of the operations used here (`tensorflow/core/public/version.h`). */
const versions = { producer: 1395, minConsumer: 0 }

interface Constant {
  readonly weight: TfjsWeight
  readonly values: Float32Array | Int32Array
}

/** The layer's kernel in TensorFlow's shape; the order of the values is the definition's own. */
function kernelShape(layer: WeightedLayer): number[] {
  switch (layer.kind) {
    case 'convolution':
    case 'dense':
      return [...layer.kernelShape]
    case 'pointwise':
      return [1, 1, ...layer.kernelShape]
    case 'depthwise':
      return [...layer.kernelShape, 1]
    default:
      throw new Error(`unknown layer ${layer satisfies never}`)
  }
}

const fusedActivations: Readonly<Record<Activation, readonly string[]>> = { linear: [], relu: ['Relu'], relu6: ['Relu6'] }

const isFused = (activation: HeadActivation): activation is Activation => activation in fusedActivations

/** Bias and activation, fused into the operation before them. */
function fused(activation: Activation): TfjsNode['attr'] {
  return { T: float, num_args: integer(1), fused_ops: texts(['BiasAdd', ...fusedActivations[activation]]) }
}

function padding(layer: ConvolutionLayer | DepthwiseLayer): TfjsNode['attr'] {
  if (isSamePadding(layer)) return { padding: text('SAME') }
  const { top, bottom, left, right } = layer.padding
  return { padding: text('EXPLICIT'), explicit_paddings: integers([0, 0, top, bottom, left, right, 0, 0]) }
}

function strides(stride: number): TfjsNode['attr'] {
  return { strides: integers([1, stride, stride, 1]), dilations: integers([1, 1, 1, 1]), data_format: text('NHWC') }
}

function operation(layer: WeightedLayer): Pick<TfjsNode, 'op' | 'attr'> {
  switch (layer.kind) {
    case 'convolution':
      return { op: '_FusedConv2D', attr: { ...fused(layer.activation), ...strides(layer.stride), ...padding(layer) } }
    case 'pointwise':
      return { op: '_FusedConv2D', attr: { ...fused(layer.activation), ...strides(1), padding: text('VALID') } }
    case 'depthwise':
      return { op: 'FusedDepthwiseConv2dNative', attr: { ...fused(layer.activation), ...strides(layer.stride), ...padding(layer) } }
    case 'dense':
      if (!isFused(layer.activation)) refuseLayer(layer, 'TensorFlow.js')
      return { op: '_FusedMatMul', attr: { ...fused(layer.activation), transpose_a: flag(false), transpose_b: flag(false) } }
    default:
      throw new Error(`unknown layer ${layer satisfies never}`)
  }
}

/** The constants of a layer. */
function constantsOf(layer: Layer, parameters: RunnableNetwork['parameters']): Constant[] {
  if (layer.kind === 'globalAveragePool') {
    return [{ weight: { name: `${layer.id}/axes`, shape: [2], dtype: 'int32' }, values: Int32Array.of(1, 2) }]
  }
  if (!isWeighted(layer)) refuseLayer(layer, 'TensorFlow.js')
  const { kernel, bias } = parametersOf(parameters, layer)
  return [
    { weight: { name: `${layer.id}/kernel`, shape: kernelShape(layer), dtype: 'float32' }, values: kernel },
    { weight: { name: `${layer.id}/bias`, shape: [bias.length], dtype: 'float32' }, values: bias },
  ]
}

/** One layer without its residual. */
function layerNode(layer: Layer, name: string, input: string[]): TfjsNode {
  if (layer.kind === 'globalAveragePool') return { name, op: 'Mean', input, attr: { T: float, keep_dims: flag(false) } }
  if (!isWeighted(layer)) refuseLayer(layer, 'TensorFlow.js')
  return { name, input, ...operation(layer) }
}

/**
 * A network and its parameters as a TensorFlow.js graph model, which `tf.loadGraphModel` runs on every backend of TensorFlow.js.
 * The input is `input` `[batch, height, width, 3]` of every batch size, the output is `logits` `[batch, classes]` without softmax. Nodes carry their layers' ids.
 * Padding is SAME where TensorFlow's SAME is the layer's own padding, EXPLICIT elsewhere.
 * @returns what to write to `model.json`, and the shards of at most 4 MiB to write beside it under their names. Without files:
 * `tf.io.fromMemory({ modelTopology: modelJson.modelTopology, weightSpecs: modelJson.weightsManifest[0].weights, weightData:
 * shards.map(({ bytes }) => bytes.buffer) })`
 * @throws MobileNetV2Error `PARAMETERS` if parameters are missing or of another shape
 */
export function toTfjs({ architecture, parameters }: RunnableNetwork): TfjsGraphModel {
  checkParameters(architecture, parameters)
  const { height, width, channels } = architecture.input
  const inputAxes = [anyBatch, height, width, channels]
  const nodes = [placeholderNode('input', inputAxes)]
  const constants: Constant[] = []
  let before = 'input'
  for (const layer of architecture.layers) {
    const own = constantsOf(layer, parameters)
    constants.push(...own)
    nodes.push(
      ...own.map(({ weight }) => constantNode(weight.name, weight.shape, weight.dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT')),
    )
    const inputs = [before, ...own.map(({ weight }) => weight.name)]
    if (layer.residual === null) nodes.push(layerNode(layer, layer.id, inputs))
    else {
      const branch = `${layer.id}/branch`
      nodes.push(layerNode(layer, branch, inputs))
      nodes.push({ name: layer.id, op: 'AddV2', input: [layer.residual, branch], attr: { T: float } })
    }
    before = layer.id
  }
  const shards = writeShards(constants.map(({ values }) => values))
  const info = (name: string, axes: readonly number[]): TfjsTensorInfo => ({
    name: `${name}:0`,
    dtype: 'DT_FLOAT',
    tensorShape: tensorShape(axes),
  })
  return {
    modelJson: {
      format: 'graph-model',
      generatedBy: '@mobilenetv2/weights',
      convertedBy: null,
      signature: {
        inputs: { input: info('input', inputAxes) },
        outputs: { logits: info(before, [anyBatch, architecture.layers.at(-1)!.output.channels]) },
      },
      modelTopology: { node: nodes, library: {}, versions },
      weightsManifest: [{ paths: shards.map(({ name }) => name), weights: constants.map(({ weight }) => weight) }],
    },
    shards,
  }
}
