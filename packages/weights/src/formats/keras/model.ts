import { CheckpointError } from '../../checkpoint-error.js'
import type { Graph } from '../../graph/graph.js'
import type { Budget } from '../budget.js'
import type { JsonNode } from '../json.js'

/** An application of a layer in a Keras model. Models inside models are resolved. */
export interface KerasCall {
  /** The name of its output, unique in the whole model. */
  readonly output: string
  /** The name of the layer, which its weights have. */
  readonly layer: string
  readonly className: string
  readonly config: JsonNode
  /** The names of its inputs. */
  readonly inputs: readonly string[]
  /** The constants among its arguments, by position: one number, or one for each channel. */
  readonly constants: ReadonlyMap<number, readonly number[]>
  /** Its arguments by their names. */
  readonly keywords: JsonNode | null
}

/** A Keras model's configuration as a list of calls. */
export interface KerasModel {
  readonly input: Pick<Graph['input'], 'name' | 'height' | 'width'>
  /** Number of channels of a picture: 3, or 1 for grey. */
  readonly channels: number
  readonly calls: readonly KerasCall[]
  /** The names of the model's outputs. */
  readonly outputs: readonly string[]
  /** The names of the layers, by the groups in which Keras's own formats store their weights (`layers/conv2d_3`). */
  readonly groups: ReadonlyMap<string, string>
  /** The variables of each BatchNorm by its group, in the order of their numbers. Gamma and beta may be missing. */
  readonly variables: ReadonlyMap<string, readonly string[]>
}

const modelClasses = new Set(['Model', 'Functional', 'Sequential'])

function refuse(what: string, got: string): never {
  throw new CheckpointError(`The Keras model is not one that is read here: ${what}.`, { got })
}

/** Keras's `to_snake_case`, which gives the name under which it stores the weights of a class. */
function snakeCase(className: string): string {
  return className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
}

interface Arguments {
  readonly tensors: string[]
  readonly constants: Map<number, readonly number[]>
  keywords: JsonNode | null
}

/** Most values of a constant: one for each channel of the input. */
const longestConstant = 4

/** The numbers of a constant; null if it is not one, or has more values than an input has channels. */
function numbersOf(node: JsonNode | null): readonly number[] | null {
  if (node === null) return null
  if (node.type === 'number') return [node.number()]
  if (node.type !== 'array') return null
  const parts = node.array().slice(0, longestConstant + 1)
  const values = parts.map(numbersOf)
  const flat = values.flatMap((part) => part ?? [Number.NaN])
  return flat.length === 0 || flat.length > longestConstant || flat.some(Number.isNaN) ? null : flat
}

/** Adds an argument of a call in the form of Keras 3: a tensor, a list of tensors, a number, or a constant tensor. */
function addArgument(found: Arguments, argument: JsonNode, place: number): void {
  if (argument.type === 'array') for (const element of argument.array()) addArgument(found, element, place)
  else if (argument.type === 'number') found.constants.set(place, [argument.number()])
  else if (argument.type === 'object' && argument.member('class_name')?.text() === '__tensor__') {
    const values = numbersOf(argument.required('config').member('value'))
    if (values !== null) found.constants.set(place, values)
  } else if (argument.type === 'object' && argument.member('class_name')?.text() === '__keras_tensor__') {
    const [layer] = argument.required('config').required('keras_history').array()
    if (layer === undefined) refuse('a tensor has no layer', argument.path)
    found.tensors.push(layer.text())
  }
}

/** Adds a tensor in the form of Keras 2, `[layer, node, tensor, keywords]`, or a list of such. Constants are keywords there. */
function addReference(found: Arguments, reference: JsonNode): void {
  const elements = reference.array()
  const [layer, node, tensor, keywords] = elements
  if (layer?.type !== 'text') {
    for (const element of elements) addReference(found, element)
    return
  }
  // A number on the left of an operator is written in the place of a tensor.
  const isConstant = layer.text() === '_CONSTANT_VALUE' && node?.type === 'number' && node.number() === -1
  const first = isConstant ? numbersOf(tensor ?? null) : null
  if (first !== null) found.constants.set(0, first)
  else found.tensors.push(layer.text())
  if (keywords?.type === 'object') found.keywords ??= keywords
  const second = keywords?.type === 'object' ? (keywords.member('y') ?? keywords.member('bias')) : null
  const values = numbersOf(second)
  if (values !== null) found.constants.set(1, values)
  else if (second?.type === 'array') addReference(found, second)
}

/** The inputs and other arguments of a layer in a functional model. */
function argumentsOf(layer: JsonNode): Arguments {
  const found: Arguments = { tensors: [], constants: new Map(), keywords: null }
  const nodes = layer.member('inbound_nodes')?.array() ?? []
  if (nodes.length > 1) refuse('a layer is applied twice', layer.path)
  for (const node of nodes) {
    if (node.type === 'object') {
      for (const [place, argument] of node.required('args').array().entries()) addArgument(found, argument, place)
      found.keywords = node.member('kwargs')
    } else addReference(found, node)
  }
  return found
}

/** The layers of a model's outputs or inputs: `[name, node, tensor]`, a list of such, or a dictionary of them. */
function endsOf(model: JsonNode, member: 'input_layers' | 'output_layers'): string[] {
  const ends = model.required(member)
  if (ends.type === 'object') return ends.names().map((name) => ends.required(name).array()[0]?.text() ?? '')
  const list = ends.array()
  const pairs = list[0]?.type === 'text' ? [list] : list.map((pair) => pair.array())
  return pairs.map(([name]) => name?.text() ?? refuse('an input or output has no name', ends.path))
}

interface Extents {
  readonly height: number | null
  readonly width: number | null
  readonly channels: number
}

/** The extents of `[batch, height, width, channels]`. Height and width may be open (null). */
function extentsOf(shape: JsonNode | null): Extents | null {
  if (shape?.type !== 'array') return null
  const extents = shape.array()
  const channels = extents[3]?.type === 'number' ? extents[3].number() : Number.NaN
  const second = extents[1]?.type === 'number' ? extents[1].number() : Number.NaN
  if (extents.length === 4 && (second === 1 || second === 3) && !(channels <= 4)) {
    throw new CheckpointError('The Keras model has channels first.', {
      expected: 'pictures of [batch, height, width, channels]',
      got: shape.path,
      remedy:
        "Call keras.config.set_image_data_format('channels_last'), build the model anew, load these weights, and save it: the kernels are the same in both.",
    })
  }
  if (extents.length !== 4 || !(Number.isInteger(channels) && channels >= 1 && channels <= 4)) {
    refuse('its input is not pictures of [batch, height, width, 3]', shape.path)
  }
  const known = (extent: JsonNode): number | null =>
    extent.type === 'number' && Number.isInteger(extent.number()) && extent.number() > 1 ? extent.number() : null
  return { height: known(extents[1]!), width: known(extents[2]!), channels }
}

/** The variables of a BatchNorm. Its configuration may leave out gamma and beta. */
function batchNormVariables(config: JsonNode): string[] {
  const has = (member: string): boolean => config.member(member)?.boolean() !== false
  return [...(has('scale') ? ['gamma'] : []), ...(has('center') ? ['beta'] : []), 'moving_mean', 'moving_variance']
}

/** The layers of a model's configuration; the oldest Sequential is a bare list. */
function layersOf(config: JsonNode): JsonNode[] {
  return (config.type === 'array' ? config : config.required('layers')).array()
}

/** Whether a configuration states its layers. The configuration of a user's own class does not. */
export function statesLayers(model: JsonNode): boolean {
  return modelClasses.has(model.required('class_name').text())
}

/**
 * Reads the configuration of a Keras or TensorFlow.js layers model (`{class_name, config}`): Sequential or functional, of Keras 2 or 3.
 * Every layer must be applied once.
 * @throws CheckpointError if the configuration is damaged, the model has more than one input, or a model inside it more than one output
 */
export function readKerasModel(model: JsonNode, budget: Budget): KerasModel {
  const calls: KerasCall[] = []
  const groups = new Map<string, string>()
  const variables = new Map<string, readonly string[]>()
  const inputName = 'input'
  let extents: Extents | null = null
  let ends: readonly string[] = []

  /** Adds the calls of a model, and returns the name of its output. */
  const visit = (node: JsonNode, input: string, scope: string, group: string, depth: number): string => {
    const config = node.required('config')
    const sequential = node.required('class_name').text() === 'Sequential'
    const used = new Map<string, number>()
    const outputs = new Map<string, string>()
    if (config.type === 'object') extents ??= extentsOf(config.member('build_input_shape'))
    let latest = input
    for (const layer of layersOf(config)) {
      budget.parts(1, 'layers')
      const className = budget.name(layer.required('class_name').text())
      const inside = layer.required('config')
      const named = inside.type === 'object' ? inside.member('name') : layer.member('name')
      const name = named?.text() ?? `${snakeCase(className)}_${calls.length}`
      const count = used.get(className) ?? 0
      used.set(className, count + 1)
      const store = `${group}layers/${snakeCase(className)}${count === 0 ? '' : `_${count}`}`
      groups.set(budget.name(store), name)
      if (className === 'BatchNormalization') variables.set(store, batchNormVariables(inside))
      if (inside.type === 'object') {
        extents ??= extentsOf(inside.member('batch_input_shape') ?? inside.member('batch_shape'))
      }
      const { tensors, constants, keywords } = argumentsOf(layer)
      const takes = sequential
        ? [latest]
        : tensors.map(
            (tensor) =>
              outputs.get(tensor) ?? refuse('a layer comes before a layer whose output it takes', `${tensor}, for ${name}`),
          )
      const output = budget.name(`${scope}${name}`)
      budget.take(2 * (output.length + store.length), 'the paths of layers')
      if (outputs.has(name)) refuse('two layers have one name', output)
      if (className === 'InputLayer') latest = input
      else if (modelClasses.has(className)) {
        if (takes.length !== 1) refuse('a model in it does not have one input', output)
        latest = visit(layer, takes[0]!, `${output}/`, `${store}/`, depth + 1)
      } else {
        calls.push({ output, layer: name, className, config: inside, inputs: takes, constants, keywords })
        latest = output
      }
      outputs.set(name, latest)
    }
    if (sequential) {
      if (depth === 0) ends = [latest]
      return latest
    }
    if (endsOf(config, 'input_layers').length !== 1) refuse('it does not have one input', node.path)
    const given = endsOf(config, 'output_layers').map((end) => outputs.get(end) ?? refuse('its output is not there', end))
    if (depth === 0) ends = given
    else if (given.length !== 1) refuse('a model in it does not have one output', node.path)
    return given[0] ?? refuse('it has no output', node.path)
  }
  if (!statesLayers(model)) {
    refuse('it is neither Sequential nor functional', model.required('class_name').text())
  }
  visit(model, inputName, '', '', 0)
  const { height, width, channels }: Extents = extents ?? { height: null, width: null, channels: 3 }
  return { input: { name: inputName, height, width }, channels, calls, outputs: ends, groups, variables }
}
