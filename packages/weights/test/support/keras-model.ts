import { isWeighted, type Layer, parametersOf, type WeightedLayer } from '@mobilenetv2/spec'
import type { RunnableNetwork } from '../../src/index.js'
import { dataset, group, type Hdf5Tree } from './hdf5-tree.js'
import type { Tree } from './structure.js'
import { jsonOf } from './tfjs-tree.js'
import { listIn, memberIn, textIn } from './tree-values.js'

/** A variable of a layer, as Keras has it. */
interface Variable {
  readonly name: 'kernel' | 'bias' | 'depthwise_kernel'
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

/** A layer of Keras, and its variables. */
interface KerasLayer {
  readonly layer: { readonly class_name: string; readonly config: Readonly<Record<string, Tree>>; readonly inbound_nodes: Tree }
  readonly variables: readonly Variable[]
}

const classes = { convolution: 'Conv2D', pointwise: 'Conv2D', depthwise: 'DepthwiseConv2D', dense: 'Dense' } as const

function variablesOf(layer: WeightedLayer, { parameters }: RunnableNetwork): Variable[] {
  const { kernel, bias } = parametersOf(parameters, layer)
  const isDepthwise = layer.kind === 'depthwise'
  const stored = [...layer.kernelShape]
  const shape = isDepthwise ? [...stored, 1] : layer.kind === 'pointwise' ? [1, 1, ...stored] : stored
  const bytes = (values: Float32Array): Uint8Array => new Uint8Array(values.slice().buffer)
  return [
    { name: isDepthwise ? 'depthwise_kernel' : 'kernel', shape, bytes: bytes(kernel) },
    { name: 'bias', shape: [bias.length], bytes: bytes(bias) },
  ]
}

/** The layers of a network with padding `same`, a pool of averages and ReLU6, and no other heads. Keras's names have no dots. */
export function kerasLayers(network: RunnableNetwork): KerasLayer[] {
  const { architecture } = network
  const { height, width } = architecture.input
  const nameOf = (id: string): string => id.replace('.', '_')
  const layers: KerasLayer[] = []
  const add = (
    className: string,
    name: string,
    inputs: readonly string[],
    config: Readonly<Record<string, Tree>>,
    variables: readonly Variable[] = [],
  ): string => {
    const inbound = inputs.length === 0 ? [] : [inputs.map((from) => [from, 0, 0, {}])]
    layers.push({ layer: { class_name: className, config: { name, ...config }, inbound_nodes: inbound }, variables })
    return name
  }
  let before = add('InputLayer', 'input', [], { batch_input_shape: [null, height, width, 3] })
  const addLayer = (layer: Layer): void => {
    const name = nameOf(layer.id)
    if (!isWeighted(layer)) {
      before = add('GlobalAveragePooling2D', name, [before], { keepdims: false })
      return
    }
    const [kernelSize, stride] =
      layer.kind === 'convolution' || layer.kind === 'depthwise' ? [layer.kernelSize, layer.stride] : [1, 1]
    const window = { kernel_size: [kernelSize, kernelSize], strides: [stride, stride], padding: 'same', dilation_rate: [1, 1] }
    const units =
      layer.kind === 'depthwise'
        ? { depth_multiplier: 1 }
        : layer.kind === 'dense'
          ? { units: layer.output.channels }
          : { filters: layer.output.channels }
    const config = { ...units, ...(layer.kind === 'dense' ? {} : window), use_bias: true, activation: 'linear' }
    before = add(classes[layer.kind], name, [before], config, variablesOf(layer, network))
    if (layer.activation === 'relu6')
      before = add('ReLU', `${name}_relu`, [before], { max_value: 6, negative_slope: 0, threshold: 0 })
    if (layer.residual !== null) before = add('Add', `${name}_add`, [addedName(layer.residual), before], {})
  }
  /** A layer becomes up to three layers of Keras. This is the name of the last of them. */
  const addedName = (id: string): string => {
    const name = nameOf(id)
    const found = layers
      .map(({ layer }) => textIn(layer.config.name))
      .findLast((each) => [name, `${name}_relu`, `${name}_add`].includes(each))
    return found ?? name
  }
  for (const layer of architecture.layers) addLayer(layer)
  return layers
}

/** A functional model of layers, of which the first is its input and the last its output. */
export function functional(layers: readonly KerasLayer[]): Tree {
  const last = layers.at(-1)!.layer.config.name!
  return {
    class_name: 'Functional',
    config: {
      name: 'small',
      layers: layers.map(({ layer }) => ({ ...layer, name: layer.config.name! })),
      input_layers: [['input', 0, 0]],
      output_layers: [[last, 0, 0]],
    },
  }
}

/** A whole model in HDF5, as Keras 2 has it: its configuration and its weights. */
export function kerasHdf5Tree(layers: readonly KerasLayer[]): Tree {
  const weighted = layers.filter(({ variables }) => variables.length > 0)
  const groups = weighted.map(({ layer, variables }): [string, Hdf5Tree] => {
    const name = textIn(layer.config.name)
    const members = variables.map(({ name: variable, shape, bytes }): [string, Hdf5Tree] => [
      `${variable}:0`,
      dataset(shape, bytes),
    ])
    return [name, group({ [name]: group(Object.fromEntries(members)) })]
  })
  return { model: functional(layers), weights: group(Object.fromEntries(groups)) }
}

/** The root of the file that a tree describes. */
export function kerasHdf5Root(tree: Tree): Hdf5Tree {
  const config = new TextDecoder().decode(jsonOf(memberIn(tree, 'model')))
  return group(
    { model_weights: memberIn(tree, 'weights') ?? null },
    { model_config: [config], keras_version: ['2.15.0'], backend: ['tensorflow'] },
  )
}

/** Keras's own archive: the configuration, and weights by the numbers of their classes. */
export function kerasArchiveTree(layers: readonly KerasLayer[]): Tree {
  const counts = new Map<string, number>()
  const groups = layers.flatMap(({ layer, variables }): [string, Hdf5Tree][] => {
    const className = { Conv2D: 'conv2d', DepthwiseConv2D: 'depthwise_conv2d', Dense: 'dense' }[layer.class_name]
    if (className === undefined) return []
    const index = counts.get(className) ?? 0
    counts.set(className, index + 1)
    const members = variables.map(({ shape, bytes }, place): [string, Hdf5Tree] => [String(place), dataset(shape, bytes)])
    return [[index === 0 ? className : `${className}_${index}`, group({ vars: group(Object.fromEntries(members)) })]]
  })
  return { model: functional(layers), weights: group({ layers: group(Object.fromEntries(groups)) }) }
}

/** TensorFlow.js's layers-model as `{ model, weights }`. */
export function layersModelTree(layers: readonly KerasLayer[]): Tree {
  const variables = layers.flatMap(({ layer, variables: held }) =>
    held.map(({ name, shape, bytes }) => ({
      weight: { name: `${textIn(layer.config.name)}/${name}`, shape, dtype: 'float32' },
      bytes,
    })),
  )
  return {
    model: {
      format: 'layers-model',
      generatedBy: 'keras v2.15.0',
      modelTopology: { keras_version: '2.15.0', backend: 'tensorflow', model_config: functional(layers) },
      weightsManifest: [{ paths: ['group1-shard1of1.bin'], weights: variables.map(({ weight }) => weight) }],
    },
    weights: variables.map(({ bytes }) => bytes),
  }
}

/** The layers of a functional model in a tree. */
export function layersIn(model: Tree | undefined): readonly Tree[] {
  return listIn(memberIn(memberIn(model, 'config'), 'layers'))
}
