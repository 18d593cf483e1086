import { activationFunction, leakyRelu } from '../../graph/functions.js'
import type { JsonNode } from '../json.js'

/** A function of one activation, value by value. */
type Apply = (x: number) => number

function elu(alpha: number): Apply {
  return (x) => (x > 0 ? x : alpha * Math.expm1(x))
}

/**
 * Keras's names of activations. `hard_sigmoid` is not among them: Keras 2 and Keras 3 give two functions that name. Keras's own `gelu`
 * is exact, its `leaky_relu` has the slope 0.2.
 */
const named: ReadonlyMap<string, Apply> = new Map<string, Apply>([
  ['relu', activationFunction('relu')],
  ['relu6', activationFunction('relu6')],
  ['sigmoid', activationFunction('sigmoid')],
  ['tanh', activationFunction('tanh')],
  ['elu', activationFunction('elu')],
  ['selu', activationFunction('selu')],
  ['swish', activationFunction('silu')],
  ['silu', activationFunction('silu')],
  ['gelu', activationFunction('gelu')],
  ['hard_silu', activationFunction('hardSwish')],
  ['hard_swish', activationFunction('hardSwish')],
  ['leaky_relu', leakyRelu(0.2)],
])

/** The functions that make probabilities of logits. */
const normalizing: ReadonlySet<string> = new Set(['softmax', 'log_softmax'])

/** What a layer does to each value at its end. `apply` is null for one that is not known. */
export type KerasActivation =
  | { readonly kind: 'softmax' }
  | { readonly kind: 'linear' }
  | { readonly kind: 'function'; readonly word: string; readonly apply: Apply | null }

/** The activation of a name; `swish` and `Silu` are alike, whichever way Keras writes a class or a function. */
export function kerasActivation(name: string): KerasActivation {
  const word = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
  if (word === 'linear') return { kind: 'linear' }
  return normalizing.has(word)
    ? { kind: 'softmax' }
    : { kind: 'function', word: name.slice(0, 100), apply: named.get(word) ?? null }
}

function described(word: string, apply: Apply): KerasActivation {
  return { kind: 'function', word, apply }
}

/** The activation of a layer that is one; null for another layer. Parameters of its own are in its word, if it is none that is known. */
export function activationLayer(className: string, config: JsonNode): KerasActivation | null {
  const number = (names: readonly string[], otherwise: number): number => {
    for (const name of names) {
      const found = config.member(name)
      if (found !== null) return found.number()
    }
    return otherwise
  }
  switch (className) {
    case 'ReLU': {
      const slope = number(['negative_slope'], 0)
      const threshold = number(['threshold'], 0)
      const most = config.member('max_value')?.number() ?? Infinity
      const word = `relu from ${threshold} to ${most}, slope ${slope}`
      return described(word, (x) => (x >= most ? most : x >= threshold ? x : slope * (x - threshold)))
    }
    case 'LeakyReLU': {
      const slope = number(['negative_slope', 'alpha'], 0.3)
      return described(`leaky relu, slope ${slope}`, leakyRelu(slope))
    }
    case 'ELU': {
      const alpha = number(['alpha'], 1)
      return described(`elu, alpha ${alpha}`, elu(alpha))
    }
    case 'Softmax':
      return { kind: 'softmax' }
    default:
      return null
  }
}

/** The activation that a layer's configuration holds: a name, or an object of a function or of a layer's class, as Keras 3 writes. */
export function activationMember(node: JsonNode | null): KerasActivation {
  if (node === null) return kerasActivation('linear')
  if (node.type === 'text') return kerasActivation(node.text())
  const config = node.member('config')
  const className = node.member('class_name')?.text() ?? 'as code'
  if (config === null) return { kind: 'function', word: `a function of Python (${className})`, apply: null }
  if (config.type === 'text') return kerasActivation(config.text())
  return activationLayer(className, config) ?? kerasActivation(config.member('name')?.text() ?? className)
}
