import {
  checkOptionNames,
  checkParameters,
  choiceOption,
  type DenseLayer,
  type HeadActivation,
  isWeighted,
  type Layer,
  outputLayerId,
  type Padding,
  parametersOf,
  refuseOption,
  type Shape,
  type UnsharedBytes,
  type WeightedLayer,
} from '@mobilenetv2/spec'
import { descriptionKey } from '../checkpoint.js'
import { type ActivationOperator, activationOperators } from './activation-operators.js'
import { describeNetwork, type WritableNetwork, type WrittenDescription } from './describe-network.js'
import { flattens, givesMap } from './gives-map.js'
import { type OnnxNode, type OnnxTensor, type OnnxValue, writeOnnx } from './onnx/messages.js'

const noPadding: Padding = { top: 0, bottom: 0, left: 0, right: 0 }

/** A kernel `[…, inputs, outputs]` as `[outputs, inputs, …]`, the layout of convolutions in ONNX. */
function outputsFirst(kernel: Float32Array, window: number, inputs: number, outputs: number): Float32Array {
  const values = new Float32Array(kernel.length)
  for (let place = 0, at = 0; place < window; place++) {
    for (let input = 0; input < inputs; input++) {
      for (let output = 0; output < outputs; output++) values[(output * inputs + input) * window + place] = kernel[at++]!
    }
  }
  return values
}

/** A dense kernel for a map that is flattened channel by channel, which is the layout of maps in ONNX. */
function channelsFirst({ input, kernelShape: [inputs, outputs] }: DenseLayer, kernel: Float32Array): Float32Array {
  const positions = input.height * input.width
  if (positions === 1) return kernel
  const values = new Float32Array(kernel.length)
  for (let row = 0; row < inputs; row++) {
    const to = (row % input.channels) * positions + Math.floor(row / input.channels)
    values.set(kernel.subarray(row * outputs, (row + 1) * outputs), to * outputs)
  }
  return values
}

/** The kernel of a layer in the layout of ONNX. */
function kernelOf(layer: WeightedLayer, kernel: Float32Array): Omit<OnnxTensor, 'name'> {
  switch (layer.kind) {
    case 'convolution': {
      const [height, width, inputs, outputs] = layer.kernelShape
      return { shape: [outputs, inputs, height, width], values: outputsFirst(kernel, height * width, inputs, outputs) }
    }
    case 'depthwise': {
      const [height, width, channels] = layer.kernelShape
      return { shape: [channels, 1, height, width], values: outputsFirst(kernel, height * width, 1, channels) }
    }
    case 'pointwise': {
      const [inputs, outputs] = layer.kernelShape
      return { shape: [outputs, inputs, 1, 1], values: outputsFirst(kernel, 1, inputs, outputs) }
    }
    case 'dense':
      return { shape: [...layer.kernelShape], values: channelsFirst(layer, kernel) }
    default:
      throw new Error(`unknown layer ${layer satisfies never}`)
  }
}

function attributesOf(layer: WeightedLayer): OnnxNode['attributes'] {
  if (layer.kind === 'dense') return {}
  const windowed = layer.kind !== 'pointwise'
  const [size, stride] = windowed ? [layer.kernelSize, layer.stride] : [1, 1]
  const { top, left, bottom, right } = windowed ? layer.padding : noPadding
  return {
    dilations: [1, 1],
    group: layer.kind === 'depthwise' ? layer.input.channels : 1,
    kernel_shape: [size, size],
    pads: [top, left, bottom, right],
    strides: [stride, stride],
  }
}

const numberName = (value: number): string => `number/${value}`

function activationNode({ operator, inputs, output, slope }: ActivationOperator): OnnxNode {
  // HardSigmoid is max(0, min(1, alpha x + beta)) in ONNX. The default of beta is 0.5, as here; that of alpha is not 1 / 6.
  const alpha = operator === 'HardSigmoid' ? 1 / 6 : slope
  return {
    operator,
    inputs: inputs.map((input) => (typeof input === 'number' ? numberName(input) : input)),
    output,
    attributes: alpha === undefined ? {} : { alpha: { float: alpha } },
  }
}

/** The nodes that compute an activation of `x`. */
function activationNodes(activation: Exclude<HeadActivation, 'linear'>, x: string, output: string): OnnxNode[] {
  if (activation === 'relu' || activation === 'relu6') {
    const bounds = activation === 'relu' ? [0] : [0, 6]
    return [{ operator: 'Clip', inputs: [x, ...bounds.map(numberName)], output, attributes: {} }]
  }
  return activationOperators(activation, x, output).map(activationNode)
}

/** The constants of the graph for the numbers that nodes take. */
function numbersIn(nodes: readonly OnnxNode[]): OnnxTensor[] {
  const names = new Set(nodes.flatMap(({ inputs }) => inputs.filter((name) => name.startsWith('number/'))))
  return [...names].map((name) => ({ name, shape: [], values: Float32Array.of(Number(name.slice('number/'.length))) }))
}

function flatten(input: string, output: string): OnnxNode {
  return { operator: 'Flatten', inputs: [input], output, attributes: { axis: 1 } }
}

/** The nodes of a layer. The output of the last one has the layer's id. */
function nodesOf(layer: Layer, input: string): OnnxNode[] {
  if (!isWeighted(layer)) {
    const [operator, name] =
      layer.kind === 'globalMaxPool' ? (['GlobalMaxPool', 'max'] as const) : (['GlobalAveragePool', 'mean'] as const)
    const pooled = `${layer.id}/${name}`
    return [{ operator, inputs: [input], output: pooled, attributes: {} }, flatten(pooled, layer.id)]
  }
  const linear = `${layer.id}/linear`
  const branch = `${layer.id}/branch`
  const beforeResidual = layer.residual === null ? layer.id : branch
  const nodes: OnnxNode[] = [
    {
      operator: layer.kind === 'dense' ? 'Gemm' : 'Conv',
      inputs: [input, `${layer.id}/kernel`, `${layer.id}/bias`],
      output: layer.activation === 'linear' ? beforeResidual : linear,
      attributes: attributesOf(layer),
    },
  ]
  if (layer.activation !== 'linear') nodes.push(...activationNodes(layer.activation, linear, beforeResidual))
  if (layer.residual !== null) nodes.push({ operator: 'Add', inputs: [layer.residual, branch], output: layer.id, attributes: {} })
  return nodes
}

/** The options of `toOnnx`. */
export interface ToOnnxOptions {
  /**
   * The order of the axes of the input, and of an output that is a map. `channelsFirst`, the default, is `[batch, channels, height,
   * width]`, which is usual in ONNX. `channelsLast` is `[batch, height, width, channels]`, and adds transpositions to the graph.
   */
  readonly layout?: 'channelsFirst' | 'channelsLast' | undefined
  /** Whether the pooled features `[batch, channels]` are a second output, `features`. `false` unless given. */
  readonly features?: boolean | undefined
}

function transpose(input: string, output: string, axes: readonly number[]): OnnxNode {
  return { operator: 'Transpose', inputs: [input], output, attributes: { perm: axes } }
}

/** The metadata that describe the network. Other programs look for the names of classes in the entry `names`, as Ultralytics writes it. */
function metadataOf(description: WrittenDescription | null): Readonly<Record<string, string>> {
  if (description === null) return {}
  const { json, labels } = description
  return { [descriptionKey]: json, ...(labels.length === 0 ? {} : { names: JSON.stringify(labels) }) }
}

/**
 * Writes a network as an ONNX model of operator set 13, in float32 and for any batch size. The input is `input`, `[batch, 3, height,
 * width]`. The output is `logits`, `[batch, classes]`, without softmax; if the network ends with a map, it is that map. Nodes have the ids
 * of their layers, and each convolution states its padding. The labels and preprocessing of a whole network are written into
 * `metadata_props`, from which `readNetwork` reads them back.
 * @returns the file
 * @throws MobileNetV2Error `PARAMETERS` if parameters are missing or have another shape, or options or classes belong to another network;
 * `OPTION` if an option is unknown or not allowed; `INPUT` if features are asked for and the network has no pool
 * @example
 * ```ts
 * import { readFile, writeFile } from 'node:fs/promises'
 * import { readNetwork, toOnnx } from '@mobilenetv2/weights'
 *
 * const network = await readNetwork(await readFile('mobilenet_v2.pth'))
 * await writeFile('mobilenet_v2.onnx', toOnnx(network, { features: true }))
 * ```
 */
export function toOnnx(network: WritableNetwork, options: ToOnnxOptions = {}): UnsharedBytes {
  checkOptionNames(options, ['layout', 'features'])
  const layout = choiceOption('layout', options.layout ?? 'channelsFirst', ['channelsFirst', 'channelsLast'])
  const { features = false } = options
  if (typeof features !== 'boolean') refuseOption('features', features, 'true or false')
  const { architecture, parameters } = network
  checkParameters(architecture, parameters)
  const last = architecture.layers.at(-1)!
  const channelsLast = layout === 'channelsLast'
  const turnsOutput = channelsLast && givesMap(last)
  const shapeOf = ({ height, width, channels }: Shape): OnnxValue['shape'] =>
    channelsLast ? ['batch', height, width, channels] : ['batch', channels, height, width]

  const nodes: OnnxNode[] = channelsLast ? [transpose('input', 'input/channelsFirst', [0, 3, 1, 2])] : []
  const tensors: OnnxTensor[] = []
  let before = channelsLast ? 'input/channelsFirst' : 'input'
  architecture.layers.forEach((layer, index) => {
    if (flattens(layer, architecture.layers[index - 1])) {
      const flat = `${layer.id}/flat`
      nodes.push(flatten(before, flat))
      before = flat
    }
    nodes.push(...nodesOf(layer, before))
    before = layer.id
    if (!isWeighted(layer)) return
    const { kernel, bias } = parametersOf(parameters, layer)
    tensors.push(
      { name: `${layer.id}/kernel`, ...kernelOf(layer, kernel) },
      { name: `${layer.id}/bias`, shape: [bias.length], values: bias },
    )
  })

  const output = 'logits'
  if (turnsOutput) nodes.push(transpose(last.id, output, [0, 2, 3, 1]))
  else nodes.push({ ...nodes.pop()!, output })
  const outputs: OnnxValue[] = [{ name: output, shape: givesMap(last) ? shapeOf(last.output) : ['batch', last.output.channels] }]
  if (features) {
    const pool = outputLayerId(architecture, 'features')
    const { channels } = architecture.layers.find(({ id }) => id === pool)!.output
    nodes.push({ operator: 'Identity', inputs: [pool === last.id ? output : pool], output: 'features', attributes: {} })
    outputs.push({ name: 'features', shape: ['batch', channels] })
  }
  return writeOnnx({
    name: architecture.family,
    nodes,
    tensors: [...numbersIn(nodes), ...tensors],
    input: { name: 'input', shape: shapeOf(architecture.input) },
    outputs,
    metadata: metadataOf(describeNetwork(network)),
  })
}
