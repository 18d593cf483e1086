import { combined, convolved, demand, mapped, multiplied, reduced, UndefinedGraph, type Values } from './array-operations.js'
import { layersIn } from './keras-model.js'
import { kernelAxes, mapAxes, sameZeros } from './run-tensorflow.js'
import type { Tree } from './structure.js'
import { listIn, memberIn, numberIn, textIn } from './tree-values.js'

/** One number for height and width, or one for each. */
function pair(tree: Tree | undefined, otherwise: number): readonly number[] {
  if (tree === undefined || tree === null) return [otherwise, otherwise]
  const numbers = Array.isArray(tree) ? (listIn(tree).flat(9) as Tree[]).map(numberIn) : [numberIn(tree)]
  demand(numbers.length === 2 || numbers.length === 1, 'a pair')
  return numbers.length === 1 ? [numbers[0]!, numbers[0]!] : numbers
}

/** Keras writes the name of a layer twice. */
function nameOf(layer: Tree): string {
  return textIn(memberIn(memberIn(layer, 'config'), 'name') ?? memberIn(layer, 'name'))
}

/** The function of a layer `ReLU`. */
function rectified(x: Values, config: Tree | undefined): Values {
  const most = memberIn(config, 'max_value')
  const limit = typeof most === 'number' ? most : Number.POSITIVE_INFINITY
  const [slope, threshold] = [numberIn(memberIn(config, 'negative_slope')), numberIn(memberIn(config, 'threshold'))]
  demand(slope >= 0 && threshold >= 0 && limit >= 0, `a slope ${slope}, a threshold ${threshold} or a limit ${limit}`)
  return mapped(x, (value) => {
    const above = value > threshold ? Math.min(value, limit) : 0
    return slope === 0 ? above : above - slope * Math.max(threshold - value, 0)
  })
}

/** An activation is a name, or a layer. */
function activated(values: Values, tree: Tree | undefined): Values {
  if (memberIn(tree, 'class_name') === 'ReLU') return rectified(values, memberIn(tree, 'config'))
  const name = tree === undefined || tree === null ? 'linear' : textIn(tree)
  if (name === 'linear') return values
  throw new UndefinedGraph(`the activation ${name}`)
}

function weighted(layer: Tree, [x]: readonly Values[], weights: ReadonlyMap<string, Values>): Values {
  const config = memberIn(layer, 'config')
  const className = textIn(memberIn(layer, 'class_name'))
  const name = nameOf(layer)
  const isDepthwise = className === 'DepthwiseConv2D'
  const kernel = weights.get(`${name}/${isDepthwise ? 'depthwise_kernel' : 'kernel'}`) ?? weights.get(`${name}/kernel`)
  const bias = memberIn(config, 'use_bias') === false ? null : weights.get(`${name}/bias`)
  demand(x !== undefined && kernel !== undefined && bias !== undefined, `the weights of ${name}`)
  let result: Values
  if (className === 'Dense') {
    const inputs = x.shape.at(-1)!
    const rows = multiplied({ shape: [x.values.length / inputs, inputs], values: x.values }, kernel)
    result = { shape: [...x.shape.slice(0, -1), kernel.shape[1]!], values: rows.values }
  } else {
    const window = pair(memberIn(config, 'kernel_size'), kernel.shape[0]!)
    demand(window[0] === kernel.shape[0] && window[1] === kernel.shape[1], `kernel_size [${window}]`)
    const [strides, dilations] = [pair(memberIn(config, 'strides'), 1), pair(memberIn(config, 'dilation_rate'), 1)]
    const padding = memberIn(config, 'padding') ?? 'valid'
    demand(padding === 'same' || padding === 'valid', 'padding')
    const zeros = [0, 1].map((axis) =>
      padding === 'same'
        ? sameZeros(x.shape[axis + 1]!, (window[axis]! - 1) * dilations[axis]! + 1, strides[axis]!)
        : ([0, 0] as const),
    )
    const [height, width, inputs, outputs] = kernel.shape as [number, number, number, number]
    const grouped = isDepthwise ? { shape: [height, width, 1, inputs * outputs], values: kernel.values } : kernel
    result = convolved(x, mapAxes, grouped, kernelAxes, {
      strides,
      dilations,
      before: zeros.map(([before]) => before),
      after: zeros.map(([, after]) => after),
      groups: isDepthwise ? inputs : 1,
    })
  }
  return activated(bias === null ? result : combined(result, bias, (a, b) => a + b), memberIn(config, 'activation'))
}

function compute(layer: Tree, inputs: readonly Values[], weights: ReadonlyMap<string, Values>): Values {
  const config = memberIn(layer, 'config')
  const className = textIn(memberIn(layer, 'class_name'))
  const [x, y] = inputs
  demand(x !== undefined, `${className} of nothing`)
  switch (className) {
    case 'Conv2D':
    case 'DepthwiseConv2D':
    case 'Dense':
      return weighted(layer, inputs, weights)
    case 'ReLU':
      return rectified(x, config)
    case 'Add':
      demand(y !== undefined && inputs.length === 2, 'a sum')
      return combined(x, y, (a, b) => a + b)
    case 'GlobalAveragePooling2D':
      return reduced(x, [1, 2], memberIn(config, 'keepdims') === true, 'mean')
    default:
      throw new UndefinedGraph(`the layer ${className}`)
  }
}

/**
 * Computes the output of a functional model by the definitions of Keras's layers. Only the layers that its output needs are computed: Keras
 * does not save the others.
 * @param weights by `<layer>/<variable>`
 * @throws UndefinedGraph if the model does not say what to compute
 */
export function runKeras(model: Tree | undefined, weights: ReadonlyMap<string, Values>, input: Values): Values {
  const calls = new Map<string, { readonly layer: Tree; readonly inputs: readonly string[] }>()
  const values = new Map<string, Values>()
  for (const layer of layersIn(model)) {
    const name = nameOf(layer)
    demand(!values.has(name) && !calls.has(name), `two layers ${name}`)
    if (textIn(memberIn(layer, 'class_name')) === 'InputLayer') {
      values.set(name, input)
      continue
    }
    const nodes = listIn(memberIn(layer, 'inbound_nodes'))
    demand(nodes.length === 1, `${nodes.length} nodes of ${name}`)
    const inputs = listIn(nodes[0]).map((reference) => textIn(listIn(reference)[0]))
    for (const from of inputs) demand(values.has(from) || calls.has(from), `what ${name} takes`)
    calls.set(name, { layer, inputs })
  }
  // A layer comes after all that it takes, so that none waits for itself.
  const computed = (name: string): Values => {
    const known = values.get(name)
    if (known !== undefined) return known
    const call = calls.get(name)
    demand(call !== undefined, 'an output that is not there')
    const value = compute(call.layer, call.inputs.map(computed), weights)
    values.set(name, value)
    return value
  }
  const [output] = listIn(memberIn(memberIn(model, 'config'), 'output_layers'))
  return computed(textIn(listIn(output)[0]))
}
