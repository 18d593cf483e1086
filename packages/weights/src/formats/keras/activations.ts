import type { HeadActivation } from '@mobilenetv2/spec'
import { sigmoid } from '@mobilenetv2/spec/activate'
import { activationFunction, farthestSample, leakyRelu } from '../../graph/functions.js'
import type { JsonNode } from '../json.js'

/** A function that is applied to each value of an activation. */
type Apply = (x: number) => number

/** Finds a parameter of an activation under one of several names; null if it is left out. */
type FindParameter = (...names: readonly string[]) => JsonNode | null

const noParameters: FindParameter = () => null

/** Finds parameters in a configuration. */
function parametersIn(config: JsonNode): FindParameter {
  return (...names) => {
    for (const name of names) {
      const found = config.member(name)
      if (found !== null) return found
    }
    return null
  }
}

function elu(alpha: number): Apply {
  return (x) => (x > 0 ? x : alpha * Math.expm1(x))
}

function without(activation: HeadActivation): () => Apply {
  return () => activationFunction(activation)
}

function silu(find: FindParameter): Apply {
  const beta = find('beta')?.number() ?? 1
  return (x) => x * sigmoid(beta * x)
}

/**
 * The names of activations in Keras and TensorFlow. `hard_sigmoid` is missing, because Keras 2 and Keras 3 have two functions of that name.
 * A `gelu` is exact unless it states otherwise, and a `leaky_relu` has the slope 0.2.
 */
const named: ReadonlyMap<string, (find: FindParameter) => Apply> = new Map<string, (find: FindParameter) => Apply>([
  ['relu', without('relu')],
  ['relu6', without('relu6')],
  ['sigmoid', without('sigmoid')],
  ['tanh', without('tanh')],
  ['elu', (find) => elu(find('alpha')?.number() ?? 1)],
  ['selu', without('selu')],
  ['swish', silu],
  ['silu', silu],
  ['gelu', (find) => activationFunction(find('approximate')?.boolean() === true ? 'geluTanh' : 'gelu')],
  ['hard_silu', without('hardSwish')],
  ['hard_swish', without('hardSwish')],
  ['leaky_relu', (find) => leakyRelu(find('negative_slope', 'alpha')?.number() ?? 0.2)],
])

/** The functions that turn logits into probabilities. */
const normalizing: ReadonlySet<string> = new Set(['softmax', 'log_softmax'])

/** The activation at the end of a layer. `apply` is null if the function is not known. */
export type KerasActivation =
  | { readonly kind: 'softmax'; readonly over: readonly number[] }
  | { readonly kind: 'linear' }
  | { readonly kind: 'function'; readonly word: string; readonly apply: Apply | null }

/** A softmax over the axis that it states, else over the last one. */
function softmax(find: FindParameter): KerasActivation {
  const axis = find('axis')
  if (axis === null) return { kind: 'softmax', over: [-1] }
  return { kind: 'softmax', over: axis.type === 'array' ? axis.array().map((value) => value.number()) : [axis.number()] }
}

/**
 * The activation with a name. Keras writes the name of a class or of a function: `swish` and `Silu` are the same.
 * @param find finds its parameters, if it can have any
 */
export function kerasActivation(name: string, find: FindParameter = noParameters): KerasActivation {
  const word = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
  if (word === 'linear') return { kind: 'linear' }
  return normalizing.has(word)
    ? softmax(find)
    : { kind: 'function', word: name.slice(0, 100), apply: named.get(word)?.(find) ?? null }
}

function described(word: string, apply: Apply | null): KerasActivation {
  return { kind: 'function', word, apply }
}

/** The activation of an activation layer; null for another layer. Its word states its parameters. */
export function activationLayer(className: string, config: JsonNode): KerasActivation | null {
  const find = parametersIn(config)
  const number = (names: readonly string[], otherwise: number): number => find(...names)?.number() ?? otherwise
  switch (className) {
    case 'ReLU': {
      const slope = number(['negative_slope'], 0)
      const threshold = number(['threshold'], 0)
      const most = number(['max_value'], Infinity)
      const word = `relu from ${threshold} to ${most}, slope ${slope}`
      // A function is recognised by its values at samples, which show neither a small threshold nor a limit beyond the farthest
      // sample. Keras refuses numbers below 0.
      const isTold = threshold === 0 && slope >= 0 && most >= 0 && (most === Infinity || most < farthestSample)
      return described(word, isTold ? (x) => (x >= most ? most : x >= 0 ? x : slope * x) : null)
    }
    case 'LeakyReLU': {
      const slope = number(['negative_slope', 'alpha'], 0.3)
      return described(`leaky relu, slope ${slope}`, leakyRelu(slope))
    }
    case 'ELU': {
      const alpha = number(['alpha'], 1)
      return described(`elu, alpha ${alpha}`, elu(alpha))
    }
    // In Keras 3 the operation is approximate unless it states otherwise. The function in `activation` is exact.
    case 'Gelu':
      return described('gelu', activationFunction((find('approximate')?.boolean() ?? true) ? 'geluTanh' : 'gelu'))
    case 'Softmax':
      return softmax(find)
    default:
      return null
  }
}

/** The activation in a layer's configuration: a name, or an object of a function or of a layer's class, as Keras 3 writes it. */
export function activationMember(node: JsonNode | null): KerasActivation {
  if (node === null) return kerasActivation('linear')
  if (node.type === 'text') return kerasActivation(node.text())
  const config = node.member('config')
  const className = node.member('class_name')?.text() ?? 'as code'
  if (config === null) return { kind: 'function', word: `a function of Python (${className})`, apply: null }
  if (config.type === 'text') return kerasActivation(config.text())
  return activationLayer(className, config) ?? kerasActivation(config.member('name')?.text() ?? className, parametersIn(config))
}
