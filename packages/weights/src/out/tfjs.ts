import {
  type Activation,
  type ConvolutionLayer,
  checkOptionNames,
  checkParameters,
  type DenseLayer,
  type DepthwiseLayer,
  isActivation,
  isSamePadding,
  isWeighted,
  type Layer,
  parametersOf,
  refuseOption,
  type Shape,
  type WeightedLayer,
} from '@mobilenetv2/spec'
import { descriptionKey } from '../checkpoint.js'
import type { RunnableNetwork } from '../network.js'
import { type ActivationOperator, activationOperators } from './activation-operators.js'
import { describeNetwork, type WritableNetwork, type WrittenDescription } from './describe-network.js'
import { flattens, givesMap } from './gives-map.js'
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

/**
 * The content of `model.json`, for `JSON.stringify`. It is TensorFlow.js's `ModelJSON`, whose members are not readonly. It states
 * the `format`, the program that it was `generatedBy`, and the converter that it was `convertedBy`, which is none.
 */
export interface TfjsModelJson {
  format: 'graph-model'
  generatedBy: string
  convertedBy: null
  /** The `inputs` of the graph, which are one `input`, and its `outputs`, which are the `logits`. */
  signature: { inputs: { input: TfjsTensorInfo }; outputs: { logits: TfjsTensorInfo } }
  /** The graph: a `node` for each operation, no `library` of functions, and the `versions` of TensorFlow (`producer`, `minConsumer`). */
  modelTopology: { node: TfjsNode[]; library: Record<string, never>; versions: { producer: number; minConsumer: number } }
  /** The `paths` of the files of weights, and the `weights` in their order. */
  weightsManifest: [{ paths: string[]; weights: TfjsWeight[] }]
  /**
   * The description of the network, which TensorFlow.js gives as `metadata` of the model: `labels`, a name for each logit, and the entry
   * that `readNetwork` reads back. Empty if only layers were given.
   */
  userDefinedMetadata: Record<string, string | string[]>
}

/** A TensorFlow.js graph model. */
export interface TfjsGraphModel {
  /** The content of `model.json`. */
  modelJson: TfjsModelJson
  /** The files of weights, which belong beside `model.json`. */
  shards: TfjsShard[]
}

/** The options of `toTfjs`. */
export interface ToTfjsOptions {
  /**
   * The name of the JSON file without its extension, so that several models fit into one folder: with `cats` the shards are called
   * `cats-group1-shard1of1.bin`; without a name they are called `group1-shard1of1.bin`. It must not contain `/ \ : # ? %`, which have a
   * meaning in paths or URLs.
   */
  readonly name?: string | undefined
}

/** The extent of the batch axis, which TensorFlow reads as "any". */
const anyBatch = -1

/**
 * The versions that a GraphDef must state. This producer has all operations that are used here (TensorFlow's
 * `core/public/version.h`).
 */
const versions = { producer: 1395, minConsumer: 0 }

interface Constant {
  readonly weight: TfjsWeight
  readonly values: Float32Array | Int32Array
}

/** The shape of a layer's kernel in TensorFlow. The values have the same order in both. */
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

/** The attributes that fuse bias and activation into the operation before them. */
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
      return {
        op: '_FusedMatMul',
        attr: {
          ...fused(isActivation(layer.activation) ? layer.activation : 'linear'),
          transpose_a: flag(false),
          transpose_b: flag(false),
        },
      }
    default:
      throw new Error(`unknown layer ${layer satisfies never}`)
  }
}

const spaceAxes = Int32Array.of(1, 2)

function mapAxes({ height, width, channels }: Shape): number[] {
  return [anyBatch, height, width, channels]
}

/** Appends nodes and the constants that they read. */
interface GraphBuilder {
  readonly nodes: TfjsNode[]
  readonly constants: Constant[]
  /** @returns the name */
  constant(name: string, shape: number[], values: Float32Array | Int32Array): string
  /** @returns the name */
  node(name: string, op: string, input: string[], attr?: TfjsNode['attr']): string
}

function startGraph(): GraphBuilder {
  const nodes: TfjsNode[] = []
  const constants: Constant[] = []
  return {
    nodes,
    constants,
    constant(name, shape, values) {
      const integers = values instanceof Int32Array
      constants.push({ weight: { name, shape, dtype: integers ? 'int32' : 'float32' }, values })
      nodes.push(constantNode(name, shape, integers ? 'DT_INT32' : 'DT_FLOAT'))
      return name
    },
    node(name, op, input, attr = { T: float }) {
      nodes.push({ name, op, input, attr })
      return name
    },
  }
}

/** Appends one operator of an activation. TensorFlow has no `HardSigmoid`, so it is written as relu6(x + 3) / 6. */
function addStep(graph: GraphBuilder, { operator, inputs, output, slope }: ActivationOperator): void {
  const number = (value: number): string => graph.constant(`${output}/${value}`, [], Float32Array.of(value))
  const [x, other] = inputs
  if (operator === 'HardSigmoid') {
    const clipped = graph.node(`${output}/clipped`, 'Relu6', [graph.node(`${output}/sum`, 'AddV2', [x, number(3)])])
    graph.node(output, 'Mul', [clipped, number(1 / 6)])
    return
  }
  const operands = [x, ...(other === undefined ? [] : [typeof other === 'number' ? number(other) : other])]
  const attributes = slope === undefined ? undefined : { T: float, alpha: { f: slope } }
  graph.node(output, operator === 'Add' ? 'AddV2' : operator, operands, attributes)
}

/** Appends the operation that puts the values of a map into one row, in the order of memory. */
function addFlatten(graph: GraphBuilder, { id, kernelShape }: DenseLayer, input: string): string {
  const shape = graph.constant(`${id}/shape`, [2], Int32Array.of(anyBatch, kernelShape[0]))
  return graph.node(`${id}/flat`, 'Reshape', [input, shape])
}

/** Appends a layer without its residual. Its last node gets the name. */
function addLayer(graph: GraphBuilder, layer: Layer, parameters: RunnableNetwork['parameters'], name: string, input: string): void {
  if (!isWeighted(layer)) {
    const axes = graph.constant(`${layer.id}/axes`, [2], spaceAxes)
    graph.node(name, layer.kind === 'globalMaxPool' ? 'Max' : 'Mean', [input, axes], { T: float, keep_dims: flag(false) })
    return
  }
  const { kernel, bias } = parametersOf(parameters, layer)
  const inputs = [
    input,
    graph.constant(`${layer.id}/kernel`, kernelShape(layer), kernel),
    graph.constant(`${layer.id}/bias`, [bias.length], bias),
  ]
  const { op, attr } = operation(layer)
  if (isActivation(layer.activation)) graph.node(name, op, inputs, attr)
  else {
    const linear = graph.node(`${layer.id}/linear`, op, inputs, attr)
    for (const step of activationOperators(layer.activation, linear, name)) addStep(graph, step)
  }
}

function shardPrefix({ name }: ToTfjsOptions): string {
  if (name === undefined) return ''
  if (typeof name === 'string' && /^[^/\\:#?%\0]+$/.test(name)) return `${name}-`
  return refuseOption('name', name, 'a file name without / \\ : # ? %')
}

function metadataOf(description: WrittenDescription | null): TfjsModelJson['userDefinedMetadata'] {
  if (description === null) return {}
  const { json, labels } = description
  return { [descriptionKey]: json, ...(labels.length === 0 ? {} : { labels: [...labels] }) }
}

/**
 * Writes a network as a TensorFlow.js graph model, which `tf.loadGraphModel` runs on every backend of TensorFlow.js. The input is `input`,
 * `[batch, height, width, 3]`, for any batch size. The output is `logits`, `[batch, classes]`, without softmax; if the network ends with a
 * map, it is that map. Nodes have the ids of their layers. Padding is SAME if TensorFlow's SAME is the layer's padding, else EXPLICIT. The
 * labels and preprocessing of a whole network are written into `userDefinedMetadata`, from which `readNetwork` reads them back.
 *
 * To run the model without files: `tf.loadGraphModel(tf.io.fromMemory({ modelTopology: modelJson.modelTopology, weightSpecs:
 * modelJson.weightsManifest[0].weights, weightData: shards.map(({ bytes }) => bytes.buffer) }))`
 * @returns the content of `model.json`, and the files of weights, of at most 4 MiB each
 * @throws MobileNetV2Error `PARAMETERS` if parameters are missing or have another shape, or options or classes belong to another network;
 * `OPTION` if an option is unknown or not allowed
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises'
 * import { type Network, toTfjs } from '@mobilenetv2/weights'
 *
 * async function save(network: Network): Promise<void> {
 *   const { modelJson, shards } = toTfjs(network)
 *   await writeFile('model.json', JSON.stringify(modelJson))
 *   for (const { name, bytes } of shards) await writeFile(name, bytes)
 * }
 * ```
 */
export function toTfjs(network: WritableNetwork, options: ToTfjsOptions = {}): TfjsGraphModel {
  checkOptionNames(options, ['name'])
  const prefix = shardPrefix(options)
  const { architecture, parameters } = network
  checkParameters(architecture, parameters)
  const inputAxes = mapAxes(architecture.input)
  const graph = startGraph()
  const { nodes, constants } = graph
  nodes.push(placeholderNode('input', inputAxes))
  let before = 'input'
  architecture.layers.forEach((layer, index) => {
    if (flattens(layer, architecture.layers[index - 1])) before = addFlatten(graph, layer, before)
    const branch = layer.residual === null ? layer.id : `${layer.id}/branch`
    addLayer(graph, layer, parameters, branch, before)
    if (layer.residual !== null) graph.node(layer.id, 'AddV2', [layer.residual, branch])
    before = layer.id
  })
  const last = architecture.layers.at(-1)!
  const shards = writeShards(
    constants.map(({ values }) => values),
    prefix,
  )
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
        outputs: { logits: info(before, givesMap(last) ? mapAxes(last.output) : [anyBatch, last.output.channels]) },
      },
      modelTopology: { node: nodes, library: {}, versions },
      weightsManifest: [{ paths: shards.map(({ name }) => name), weights: constants.map(({ weight }) => weight) }],
      userDefinedMetadata: metadataOf(describeNetwork(network)),
    },
    shards,
  }
}
