import { isHeadActivation } from '@mobilenetv2/spec'
import { type StoredTensor, valueCount } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { extentOf } from '../layout.js'
import {
  type Axes,
  axisIndices,
  extentIn,
  isByChannel,
  isWholeMap,
  lettersOf,
  reduceAxes,
  reshapeAxes,
  shapeOf,
  slideAxes,
  transposeAxes,
  type Window,
} from './axes.js'
import { activationOfValues, affineOfValues, samples } from './functions.js'
import type { GraphNode } from './node.js'
import { refuseTwoPools } from './two-pools.js'

/** The place of a node in its file, for errors. */
export interface Place {
  /** The file's name of the operator. */
  readonly operation: string
  readonly output: string
}

/** One side of a sum or a product. */
export type Operand = { readonly activation: string } | { readonly constant: StoredTensor; readonly values: readonly number[] }

export type Arithmetic = 'add' | 'subtract' | 'multiply' | 'divide'

/** A function of one activation: its values at the samples, and the operators of which it is composed. */
interface Composed {
  readonly base: string
  /** The earlier name of the same function, if the operator after it changes no value. */
  readonly alias: string | null
  readonly values: readonly number[]
  readonly words: readonly string[]
}

/** The word of a function that is not known. A file may use the name of a known function for another one. */
function unknownWord(word: string): string {
  return isHeadActivation(word) || word === 'hardSigmoid' ? `a function of its own, ${word}` : word
}

/** Most operators of a composed function. No known activation has more. */
const mostComposed = 32

const calculate: Readonly<Record<Arithmetic, (left: number, right: number) => number>> = {
  add: (left, right) => left + right,
  subtract: (left, right) => left - right,
  multiply: (left, right) => left * right,
  divide: (left, right) => left / right,
}

/** Throws the error for an operator that no MobileNetV2 has. */
export function refuseOperator({ operation, output }: Place, expected: string, got: string, remedy?: string): never {
  throw new CheckpointError('The graph has an operator that no MobileNetV2 has.', {
    expected,
    got: `${got}, at ${operation} ${output}`,
    ...(remedy === undefined ? {} : { remedy }),
  })
}

/** Collects the nodes of a file as `GraphNode`s, in the order in which they are computed. */
export interface GraphBuilder {
  /** The axes of an activation, which show in what order a map was flattened. */
  axesOf(place: Place, name: string): Axes
  /** Whether an activation is the input, or the input scaled. */
  isInput(name: string): boolean
  /** Adds a convolution. Its window has the size of the kernel. */
  convolution(place: Place, order: 'NCHW' | 'NHWC', node: Extract<GraphNode, { kernel: string }>, kernel: StoredTensor): void
  /** Adds a dense layer over the last axis. Its layout depends on how a map was flattened before it. */
  dense(place: Place, input: string, kernel: StoredTensor, layout: 'IO' | 'OI', bias: string | null, activation?: string): void
  /** Adds a mean or a maximum over axes, which must be the height and width of the whole map. */
  reduce(place: Place, kind: 'globalAveragePool' | 'globalMaxPool', input: string, over: readonly number[], keep: boolean): void
  /** Adds a pool with windows. There must be one window over the whole map. */
  pool(place: Place, kind: 'globalAveragePool' | 'globalMaxPool', input: string, order: 'NCHW' | 'NHWC', window: Window): void
  /** Adds zeros before and after each axis. */
  pad(place: Place, input: string, zeros: readonly (readonly [before: number, after: number])[]): void
  /** Changes the shape of an activation. */
  reshape(place: Place, input: string, target: readonly number[]): void
  transpose(place: Place, input: string, order: readonly number[]): void
  /** Joins activations along an axis. Only an input of one channel can be joined with itself, to have three. */
  concat(place: Place, names: readonly string[], axis: number): void
  /** Repeats an activation along its axes. Only an input of one channel can be repeated, to have three. */
  tile(place: Place, input: string, counts: readonly number[]): void
  /** Refuses to resize an activation. */
  resize(place: Place, input: string): never
  /** Removes axes of length 1: those that are named, or all. */
  squeeze(place: Place, input: string, over: readonly number[]): void
  /** Takes one entry of the batch axis, or of an axis of length 1. Returns false if it is an axis of height, width or channels. */
  take(place: Place, input: string, axis: number): boolean
  /** Adds an operator that changes nothing. */
  same(place: Place, input: string): void
  batchNorm(place: Place, input: string, tensors: Extract<GraphNode, { kind: 'batchNorm' }>['tensors']): void
  bias(place: Place, input: string, tensor: string): void
  /**
   * Adds a softmax over an axis, by default the last one, which must be that of the channels. With null the axis of the channels is
   * assumed.
   */
  softmax(place: Place, input: string, over?: readonly number[] | null): void
  /** Adds an activation by its name. */
  activation(place: Place, input: string, activation: string): void
  /** Adds a function that is not known, by the file's name of it. */
  unknown(place: Place, input: string, word: string): void
  /** Adds a function of activations and numbers, value by value. `word` names it if the whole function is not a known activation. */
  apply(place: Place, operands: readonly (string | number)[], word: string, calculate: (...values: number[]) => number): void
  /**
   * Adds a sum, difference, product or quotient: a shortcut, a bias, a scale of the input or of a BatchNorm, or a part of an activation.
   */
  arithmetic(place: Place, kind: Arithmetic, left: Operand, right: Operand): void
  /** The nodes that the output needs. A function that ends in the output is added first. */
  finish(output: string): readonly GraphNode[]
}

/**
 * Starts the collection of a graph's nodes. Operators on one activation are composed into a function, which is recognised by its
 * values when another operator takes it. So a GELU is recognised in whatever operators a file writes it.
 * @param use keeps a constant as a parameter, and returns its name
 */
export function buildGraph(input: string, inputAxes: Axes, use: (tensor: StoredTensor) => string): GraphBuilder {
  const nodes: GraphNode[] = []
  const axes = new Map<string, Axes>([[input, inputAxes]])
  const composed = new Map<string, Composed>()
  const settled = new Set<string>()
  const inputs = new Set<string>([input])
  /**
   * Outputs of a product with a kernel that have one channel and to which nothing has been added. If one number is added, it is their bias.
   */
  const single = new Set<string>()
  /** Pools over height or width only, with the activation that they pool. A pool over the other axis must follow. */
  const partial = new Map<string, { readonly name: string; readonly kind: 'globalAveragePool' | 'globalMaxPool' }>()

  const axesOf = (place: Place, name: string): Axes =>
    axes.get(name) ?? refuseOperator(place, 'an activation', `${name.slice(0, 100) || 'nothing'}, which nothing gives`)
  const give = (output: string, outputAxes: Axes): void => {
    if (axes.has(output)) throw new CheckpointError('Two operators of the graph have one output.', { got: output })
    axes.set(output, outputAxes)
  }

  /** Adds the node of a composed function, if `name` is one. */
  const settle = (place: Place, name: string): string => {
    axesOf(place, name)
    const pending = composed.get(name)
    if (pending === undefined || settled.has(name)) return name
    settled.add(name)
    const { base, alias, values, words } = pending
    if (alias !== null) {
      nodes.push({ kind: 'same', inputs: [settle(place, alias)], output: name })
      if (inputs.has(alias)) inputs.add(name)
      return name
    }
    const one = { inputs: [base], output: name } as const
    const affine = affineOfValues(values)
    if (affine !== null && affine.multiply === 1 && affine.add === 0) {
      nodes.push({ kind: 'same', ...one })
      if (inputs.has(base)) inputs.add(name)
    } else if (affine !== null && inputs.has(base)) {
      nodes.push({ kind: 'scale', ...one, multiply: [affine.multiply], add: [affine.add] })
      inputs.add(name)
    } else {
      const activation = activationOfValues(values)
      const byChannel = axesOf(place, base).every((parts) => parts.length < 2)
      if (affine === null || activation !== null || !byChannel) {
        nodes.push({ kind: 'activation', ...one, activation: activation ?? unknownWord(words.join(', ')) })
        return name
      }
      // For example a temperature by which the logits are divided.
      const channels = extentIn(axesOf(place, base), 'C')
      const constant = (word: string, value: number): string => {
        const bytes = new Uint8Array(new Float64Array(channels).fill(value).buffer)
        return use({ name: `${name}/${word}`, shape: [channels], dtype: 'float64', bytes, quantization: null })
      }
      const beta = affine.add === 0 ? null : constant('add', affine.add)
      const gamma = constant('multiply', affine.multiply)
      nodes.push({ kind: 'batchNorm', ...one, tensors: { gamma, beta, mean: null, variance: null, epsilon: null } })
    }
    return name
  }
  const push = (place: Place, node: GraphNode, outputAxes: Axes): void => {
    give(node.output, outputAxes)
    for (const name of node.inputs) settle(place, name)
    nodes.push(node)
  }

  /** Refuses to join activations. Two pools have an error of their own. */
  const refuseJoined = (place: Place, names: readonly string[]): never => {
    const byOutput = new Map(nodes.map((node) => [node.output, node]))
    const isPool = (name: string): boolean => {
      let node = byOutput.get(name)
      while (node?.kind === 'same') node = byOutput.get(node.inputs[0])
      return node?.kind === 'globalAveragePool' || node?.kind === 'globalMaxPool'
    }
    if (names.length === 2 && names.every(isPool)) refuseTwoPools('one pool', `two, at ${place.output}`)
    return refuseOperator(place, 'layers that follow each other', 'activations beside each other')
  }

  const builder: GraphBuilder = {
    axesOf,
    isInput: (name) => inputs.has(name),
    convolution(place, order, node, kernel) {
      const extent = (letter: string): number => extentOf(kernel, node.layout, letter) ?? 0
      const [height, width] = [extent('H'), extent('W')]
      const channels = extent(node.kind === 'depthwise' ? 'C' : 'O')
      if (height < 1 || width < 1 || channels < 1) refuseOperator(place, `a kernel ${node.layout}`, `[${kernel.shape.join(', ')}]`)
      const before = axesOf(place, node.inputs[0])
      const after = slideAxes(before, order, { height, width, stride: node.stride, padding: node.padding }, channels)
      if (after === null) return refuseOperator(place, `a map ${order}`, `[${shapeOf(before).join(', ')}]`)
      push(place, node, after)
    },
    dense(place, name, kernel, layout, bias, activation = 'linear') {
      const before = axesOf(place, name)
      const letters = lettersOf(before.at(-1))
      const channelsFirst = letters.length > 1 && letters.startsWith('C')
      const channelsLast = letters === '' || letters === 'C' || (letters.length > 1 && letters.endsWith('C'))
      const units = kernel.shape[layout.indexOf('O')] ?? 0
      // The extents of a map may be unknown. Those of channels are known.
      const fits = letters.length > 1 || shapeOf(before).at(-1) === kernel.shape[layout.indexOf('I')]
      if (kernel.shape.length !== 2 || units < 1 || (!channelsFirst && !channelsLast) || !fits) {
        refuseOperator(place, 'a dense layer over channels', `one over ${letters}, kernel [${kernel.shape.join(', ')}]`)
      }
      push(
        place,
        {
          kind: 'dense',
          ...{ inputs: [name], output: place.output, kernel: kernel.name, bias, stride: 1, padding: 'valid', activation },
          layout: channelsFirst ? layout.replace('I', 'P') : layout,
        },
        [...before.slice(0, -1), units === 1 ? [] : [{ letter: 'C', extent: units }]],
      )
      if (units === 1 && bias === null) single.add(place.output)
    },
    reduce(place, kind, name, over, keep) {
      const before = axesOf(place, name)
      const reduced = reduceAxes(before, over, keep)
      if (reduced === null) return refuseOperator(place, 'axes of the activation', over.slice(0, 8).join(', '))
      // PyTorch's older exports take a mean over one axis after the other.
      if (reduced.removed === '') return push(place, { kind: 'same', inputs: [name], output: place.output }, reduced.axes)
      const half = partial.get(name)
      if (isWholeMap(before, reduced.removed) && (half === undefined || half.kind === kind)) {
        return push(place, { kind, inputs: [half?.name ?? name], output: place.output }, reduced.axes)
      }
      if (half === undefined && /^[HW]$/.test(reduced.removed)) {
        partial.set(place.output, { name, kind })
        give(place.output, reduced.axes)
        return
      }
      refuseOperator(place, 'a pool over height and width', `one over ${reduced.removed} of ${before.map(lettersOf).join(' ')}`)
    },
    pool(place, kind, name, order, window) {
      const before = axesOf(place, name)
      const after = slideAxes(before, order, window, extentIn(before, 'C'))
      const padded = typeof window.padding === 'object' && Object.values(window.padding).some((zeros) => zeros !== 0)
      if (after === null || extentIn(after, 'H') !== 1 || extentIn(after, 'W') !== 1 || padded) {
        const map = `${extentIn(before, 'H')} x ${extentIn(before, 'W')}`
        return refuseOperator(place, 'a pool over the whole map', `windows of ${window.height} x ${window.width} of ${map}`)
      }
      // A window that does not reach the edge of the map does not pool all of it.
      if (window.height < extentIn(before, 'H') || window.width < extentIn(before, 'W')) {
        refuseOperator(place, 'a pool over the whole map', `one window of ${window.height} x ${window.width}`)
      }
      push(place, { kind, inputs: [name], output: place.output }, after)
    },
    pad(place, name, zeros) {
      const before = axesOf(place, name)
      const isMap = before.length === 4 && zeros.length === 4
      const at = (letter: string): number => before.findIndex((parts) => lettersOf(parts) === letter)
      const [rows, columns] = [zeros[at('H')], zeros[at('W')]]
      const others = zeros.every((sides) => sides === rows || sides === columns || sides.every((count) => count === 0))
      const whole = zeros.every((sides) => sides.every((count) => Number.isSafeInteger(count) && count >= 0 && count < 1000))
      if (whole && zeros.every((sides) => sides.every((count) => count === 0))) return builder.same(place, name)
      if (!isMap || rows === undefined || columns === undefined || !others || !whole) {
        return refuseOperator(place, 'zeros around height and width', zeros.slice(0, 8).flat().join(', '))
      }
      const after = before.map((parts, index) =>
        parts.map((part) => ({ ...part, extent: part.extent + zeros[index]![0] + zeros[index]![1] })),
      )
      const padding = { top: rows[0], bottom: rows[1], left: columns[0], right: columns[1] }
      push(place, { kind: 'pad', inputs: [name], output: place.output, padding }, after)
    },
    reshape(place, name, target) {
      const before = axesOf(place, name)
      const after = reshapeAxes(before, target)
      if (after === null) {
        return refuseOperator(place, `a reshape of [${shapeOf(before).join(', ')}]`, `[${target.slice(0, 8).join(', ')}]`)
      }
      push(place, { kind: 'same', inputs: [name], output: place.output }, after)
      if (inputs.has(name)) inputs.add(place.output)
    },
    transpose(place, name, order) {
      const after = transposeAxes(axesOf(place, name), order)
      if (after === null) return refuseOperator(place, 'an order of the axes', order.slice(0, 8).join(', '))
      push(place, { kind: 'same', inputs: [name], output: place.output }, after)
      if (inputs.has(name)) inputs.add(place.output)
    },
    concat(place, names, axis) {
      const [name = ''] = names
      const before = axesOf(place, name)
      const [at] = axisIndices(before, [axis]) ?? []
      if (names.some((other) => other !== name)) return refuseJoined(place, names)
      builder.tile(
        place,
        name,
        before.map((_, index) => (index === at ? names.length : 1)),
      )
    },
    tile(place, name, counts) {
      const before = axesOf(place, name)
      settle(place, name)
      const at = counts.findIndex((count) => count !== 1)
      // TensorFlow doubles rows and columns by copies along a new axis.
      if (before.length > 4 && /^[HW]$/.test(lettersOf(before[at - 1]))) return builder.resize(place, name)
      const isGrey = inputs.has(name) && before.length >= 4 && extentIn(before, 'C') === 1
      const others = counts.some((count, index) => count !== 1 && index !== at)
      if (!isGrey || counts.length !== before.length || at < 1 || counts[at] !== 3 || before[at]!.length > 0 || others) {
        const got = `${counts.slice(0, 8).join(', ')} times [${shapeOf(before).join(', ')}]`
        return refuseOperator(place, "the input's one channel three times", got)
      }
      const after = before.map((parts, index) => (index === at ? [{ letter: 'C', extent: 3 } as const] : parts))
      push(place, { kind: 'repeat', inputs: [name], output: place.output }, after)
      inputs.add(place.output)
    },
    resize(place, name) {
      settle(place, name)
      if (!inputs.has(name)) {
        const got = 'a network that resizes its maps, as segmentation models and detectors do'
        return refuseOperator(place, 'maps of one size', got, 'Only classifiers and feature extractors are read.')
      }
      return refuseOperator(
        place,
        "a model that takes pictures of the network's own size",
        'a model that resizes its input itself',
        'Save the model without the layers that resize its input (Resizing, UpSampling2D, tf.image.resize), for the size that they give. Pictures of any size are resized to it before they reach the model.',
      )
    },
    squeeze(place, name, over) {
      const before = axesOf(place, name)
      const places = axisIndices(before, over)
      const wanted = over.length === 0 ? before.flatMap((parts, index) => (parts.length === 0 ? [index] : [])) : places
      if (wanted === null || wanted.some((index) => before[index]!.length > 0)) {
        return refuseOperator(place, 'axes of length 1', over.slice(0, 8).join(', '))
      }
      const after = before.filter((_, index) => !wanted.includes(index))
      push(place, { kind: 'same', inputs: [name], output: place.output }, after)
    },
    take(place, name, axis) {
      const before = axesOf(place, name)
      const [index] = axisIndices(before, [axis]) ?? []
      if (index === undefined || !['', 'N'].includes(lettersOf(before[index]))) return false
      push(
        place,
        { kind: 'same', inputs: [name], output: place.output },
        before.filter((_, at) => at !== index),
      )
      return true
    },
    same(place, name) {
      const pending = composed.get(name)
      if (pending !== undefined) {
        give(place.output, axesOf(place, name))
        composed.set(place.output, { ...pending, alias: name })
        return
      }
      push(place, { kind: 'same', inputs: [name], output: place.output }, axesOf(place, name))
      if (inputs.has(name)) inputs.add(place.output)
      if (single.has(name)) single.add(place.output)
    },
    batchNorm(place, name, tensors) {
      push(place, { kind: 'batchNorm', inputs: [name], output: place.output, tensors }, axesOf(place, name))
    },
    bias(place, name, tensor) {
      push(place, { kind: 'bias', inputs: [name], output: place.output, tensor }, axesOf(place, name))
    },
    softmax(place, name, over = [-1]) {
      const before = axesOf(place, name)
      const channels = before.findIndex((parts) => lettersOf(parts).includes('C'))
      const [at, another] = axisIndices(before, over ?? [channels]) ?? []
      // The logit of a single class has no axis of channels.
      if (at === undefined || another !== undefined || (channels !== -1 && at !== channels)) {
        const got = `one over axis ${over?.slice(0, 8).join(', ')} of [${shapeOf(before).join(', ')}]`
        return refuseOperator(place, 'a softmax over the channels', got)
      }
      push(place, { kind: 'softmax', inputs: [name], output: place.output }, before)
    },
    activation(place, name, activation) {
      push(place, { kind: 'activation', inputs: [name], output: place.output, activation }, axesOf(place, name))
    },
    unknown(place, name, word) {
      builder.activation(place, name, unknownWord(word.slice(0, 100)))
    },
    apply(place, operands, word, apply) {
      const names = operands.filter((operand) => typeof operand === 'string')
      const parts = names.map((name): Composed => {
        axesOf(place, name)
        return composed.get(name) ?? { base: name, alias: null, values: samples, words: [] }
      })
      // A function of x and of functions of x is a function of x.
      const bases = new Set(parts.map(({ base }) => base))
      const [base] = bases
      const words = [...new Set(parts.flatMap((part) => part.words)), word]
      if (base === undefined || bases.size > 1 || words.length > mostComposed) {
        return refuseOperator(place, 'a function of one activation', `${word} of ${bases.size}`)
      }
      const values = samples.map((_, index) => {
        let next = 0
        return apply(...operands.map((operand) => (typeof operand === 'number' ? operand : parts[next++]!.values[index]!)))
      })
      give(place.output, axesOf(place, names[0]!))
      composed.set(place.output, { base, alias: null, values, words })
    },
    arithmetic(place, kind, left, right) {
      const { output, operation } = place
      const baseOf = (name: string): string => composed.get(name)?.base ?? name
      if ('activation' in left && 'activation' in right) {
        const names = [left.activation, right.activation] as const
        if (baseOf(names[0]) === baseOf(names[1])) return builder.apply(place, names, operation, calculate[kind])
        if (kind !== 'add' && kind !== 'multiply') return refuseOperator(place, 'a shortcut that is added', operation)
        const shapes = names.map((name) => axesOf(place, name))
        if (shapeOf(shapes[0]!).join() !== shapeOf(shapes[1]!).join()) {
          const text = shapes.map((one) => `[${shapeOf(one).join(', ')}]`).join(' and ')
          const squeezes = kind === 'multiply' ? ': squeeze-and-excitation, as in MobileNetV3 and EfficientNet' : ''
          refuseOperator(place, 'two activations of one shape', `${text}${squeezes}`)
        }
        return push(place, { kind, inputs: [names[0], names[1]], output }, shapes[0]!)
      }
      const [constant, activation] = 'constant' in left ? [left, right] : 'constant' in right ? [right, left] : [null, left]
      if (constant === null || !('activation' in activation)) return refuseOperator(place, 'an activation', 'constants alone')
      const name = activation.activation
      const { values } = constant
      const [value] = values
      const reversed = 'constant' in left
      const isScale = inputs.has(name) && !(reversed && (kind === 'divide' || kind === 'subtract'))
      if (values.length === 1 && value !== undefined && !isScale && !(kind === 'add' && single.has(name))) {
        const operands = reversed ? [value, name] : [name, value]
        return builder.apply(place, operands, operation, calculate[kind])
      }
      settle(place, name)
      if ((reversed && (kind === 'divide' || kind === 'subtract')) || values.some((entry) => !Number.isFinite(entry))) {
        return refuseOperator(place, 'a constant that is added or multiplied', operation)
      }
      if (values.length > 1 && !isByChannel(axesOf(place, name), constant.constant.shape)) {
        return refuseOperator(place, 'one value, or one a channel', `constants [${constant.constant.shape.slice(0, 8).join(', ')}]`)
      }
      if (inputs.has(name)) {
        const multiply = kind === 'multiply' ? values : kind === 'divide' ? values.map((entry) => 1 / entry) : [1]
        const add = kind === 'add' ? values : kind === 'subtract' ? values.map((entry) => -entry) : [0]
        push(place, { kind: 'scale', inputs: [name], output, multiply, add }, axesOf(place, name))
        inputs.add(output)
        return
      }
      const none = { gamma: null, beta: null, mean: null, variance: null, epsilon: null }
      const vector = { ...constant.constant, shape: [valueCount(constant.constant.shape)] }
      if (kind === 'add') builder.bias(place, name, use(vector))
      else if (kind === 'multiply') builder.batchNorm(place, name, { ...none, gamma: use(vector) })
      else {
        const changed = values.map(kind === 'divide' ? (entry) => 1 / entry : (entry) => -entry)
        const bytes = new Uint8Array(Float64Array.from(changed).buffer)
        const stored = use({ name: `${output}/${kind}`, shape: [values.length], dtype: 'float64', bytes, quantization: null })
        if (kind === 'divide') builder.batchNorm(place, name, { ...none, gamma: stored })
        else builder.bias(place, name, stored)
      }
    },
    finish(output) {
      const place = { operation: 'output', output }
      settle(place, output)
      const byOutput = new Map(nodes.map((node) => [node.output, node]))
      const needed = new Set<GraphNode>()
      const waiting = [output]
      for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
        const node = byOutput.get(name)
        if (node === undefined || needed.has(node)) continue
        needed.add(node)
        for (const taken of node.inputs) waiting.push(taken)
      }
      return nodes.filter((node) => needed.has(node))
    },
  }
  return builder
}
