import {
  type Axes,
  combined,
  convolved,
  demand,
  mapped,
  multiplied,
  reduced,
  transposed,
  UndefinedGraph,
  type Values,
  valuesOf,
} from './array-operations.js'
import { sameZeros } from './run-tensorflow.js'
import type { Tree } from './structure.js'
import { bytesIn, integerIn, listIn, memberIn, numberIn, textIn } from './tree-values.js'

/**
 * Maps are `[batch, height, width, channels]`; kernels `[outputs, height, width, inputs]`, depthwise ones `[1, height, width, channels]`.
 */
const axes: Axes = { others: 0, rows: 1, columns: 2, inputs: 3 }
const depthwiseAxes: Axes = { inputs: 0, rows: 1, columns: 2, others: 3 }

const int32 = (tree: Tree | undefined): number => Number(BigInt.asIntN(32, integerIn(tree)))
const int8 = (tree: Tree | undefined): number => Number(BigInt.asIntN(8, integerIn(tree)))
const int32s = (tree: Tree | undefined): number[] => listIn(tree).map(int32)

/** A dequantised constant; null if it has no bytes, or a type that these models do not have. */
function constantOf(tensor: Tree, buffers: readonly Tree[]): Values | null {
  const bytes = bytesIn(memberIn(buffers[int32(memberIn(tensor, 'buffer'))], 'data')).slice()
  if (bytes.length === 0) return null
  const shape = int32s(memberIn(tensor, 'shape'))
  switch (int8(memberIn(tensor, 'type'))) {
    case 0:
      demand(bytes.length % 4 === 0, 'bytes of no whole number')
      return valuesOf(shape, new Float32Array(bytes.buffer))
    case 2:
      demand(bytes.length % 4 === 0, 'bytes of no whole number')
      return valuesOf(shape, new Int32Array(bytes.buffer))
    case 3:
    case 9: {
      const stated = memberIn(tensor, 'quantization')
      const scales = listIn(memberIn(stated, 'scale')).map((scale) => Math.fround(numberIn(scale)))
      const zeroPoints = listIn(memberIn(stated, 'zeroPoint')).map((zero) => Number(integerIn(zero)))
      const axis = int32(memberIn(stated, 'axis'))
      demand(scales.length === 1 || shape[axis] === scales.length, `${scales.length} scales for [${shape}]`)
      const step = shape.slice(axis + 1).reduce((product, extent) => product * extent, 1)
      const integers = int8(memberIn(tensor, 'type')) === 9 ? new Int8Array(bytes.buffer) : bytes
      return valuesOf(
        shape,
        Float64Array.from(integers, (integer, index) => {
          const channel = scales.length === 1 ? 0 : Math.floor(index / step) % scales.length
          return scales[channel]! * (integer - (zeroPoints[zeroPoints.length === 1 ? 0 : channel] ?? 0))
        }),
      )
    }
    default:
      throw new UndefinedGraph(`a constant ${textIn(memberIn(tensor, 'name'))} of type ${int8(memberIn(tensor, 'type'))}`)
  }
}

function activated(values: Values, code: number): Values {
  if (code === 0) return values
  demand(code === 1 || code === 3, `activation ${code}`)
  return mapped(values, (value) => Math.min(Math.max(value, 0), code === 3 ? 6 : Number.POSITIVE_INFINITY))
}

function biased(values: Values, bias: Values | null | undefined): Values {
  if (bias == null) return values
  // Runtimes compare only the number of values.
  demand(bias.values.length === values.shape.at(-1), `a bias of [${bias.shape}]`)
  return combined(values, valuesOf([bias.values.length], Float32Array.from(bias.values)), (a, b) => a + b)
}

/** Codes of `BuiltinOperator`. */
const codes = {
  add: 0,
  convolution: 3,
  depthwise: 4,
  dense: 9,
  sigmoid: 14,
  multiply: 18,
  reshape: 22,
  pad: 34,
  mean: 40,
  max: 82,
  leaky: 98,
}

/** @param outputShape the shape that the file states of the output */
function compute(
  code: number,
  options: Tree | undefined,
  inputs: readonly (Values | null)[],
  outputShape: readonly number[],
): Values {
  const [x, y, z] = inputs
  demand(x != null, 'an operator of nothing')
  const second = (): Values => {
    demand(y != null, 'an operator of one')
    return y
  }
  const number = (name: string): number => int32(memberIn(options, name))
  const activation = int8(memberIn(options, 'activation'))
  switch (code) {
    case codes.convolution:
    case codes.depthwise: {
      const kernel = second()
      const isDepthwise = code === codes.depthwise
      const strides = [number('strideHeight'), number('strideWidth')]
      const same = int8(memberIn(options, 'padding')) === 0
      demand(
        x.shape.length === 4 && kernel.shape.length === 4 && strides.every((stride) => stride > 0),
        'a convolution of other axes',
      )
      const zeros = [1, 2].map((axis) =>
        same ? sameZeros(x.shape[axis]!, kernel.shape[axis]!, strides[axis - 1]!) : ([0, 0] as const),
      )
      const sum = convolved(x, axes, kernel, isDepthwise ? depthwiseAxes : axes, {
        strides,
        dilations: [1, 1],
        before: zeros.map(([before]) => before),
        after: zeros.map(([, after]) => after),
        groups: isDepthwise ? x.shape[3]! : 1,
      })
      return activated(biased(sum, z), activation)
    }
    case codes.dense: {
      const kernel = second()
      demand(kernel.shape.length === 2 && x.values.length % kernel.shape[1]! === 0, `a dense layer of [${kernel.shape}]`)
      const rows = { shape: [x.values.length / kernel.shape[1]!, kernel.shape[1]!], values: x.values }
      return activated(biased(multiplied(rows, transposed(kernel, [1, 0])), z), activation)
    }
    case codes.add:
      return activated(
        combined(x, second(), (a, b) => a + b),
        activation,
      )
    case codes.multiply:
      return activated(
        combined(x, second(), (a, b) => a * b),
        activation,
      )
    case codes.sigmoid:
      return mapped(x, (value) => 1 / (1 + Math.exp(-value)))
    case codes.leaky: {
      const slope = Math.fround(numberIn(memberIn(options, 'slope')))
      return mapped(x, (value) => (value < 0 ? slope * value : value))
    }
    case codes.mean:
    case codes.max:
      return reduced(x, [...second().values], (int8(memberIn(options, 'keep')) & 255) === 1, code === codes.max ? 'max' : 'mean')
    case codes.reshape: {
      // Without a shape that is a constant, the file's own shape of the output counts.
      const shape = y == null ? outputShape : [...y.values]
      const known = shape.filter((extent) => extent !== -1).reduce((product, extent) => product * extent, 1)
      return valuesOf(
        shape.map((extent) => (extent === -1 ? x.values.length / known : extent)),
        x.values,
      )
    }
    case codes.pad: {
      const sides = [...second().values]
      demand(x.shape.length === 4 && sides.length === 8 && sides.every((side) => side >= 0 && side < 100), `zeros [${sides}]`)
      const [a, b, c, d] = [0, 1, 2, 3].map((axis) => [sides[2 * axis]!, sides[2 * axis + 1]!])
      demand(a![0] === 0 && a![1] === 0 && d![0] === 0 && d![1] === 0, 'zeros around the batch or the channels')
      const channels = x.shape[3]!
      // Pads by a depthwise convolution whose kernel is one 1, which changes no value.
      return convolved(x, axes, { shape: [1, 1, 1, channels], values: new Float64Array(channels).fill(1) }, depthwiseAxes, {
        strides: [1, 1],
        dilations: [1, 1],
        before: [b![0]!, c![0]!],
        after: [b![1]!, c![1]!],
        groups: channels,
      })
    }
    default:
      throw new UndefinedGraph(`the operator ${code}`)
  }
}

/**
 * Computes the first output of a model by the definitions of TensorFlow Lite's operators.
 * @throws UndefinedGraph if the model does not say what to compute
 */
export function runTflite(model: Tree, input: Values): Values {
  const [graph] = listIn(memberIn(model, 'subgraphs'))
  const tensors = listIn(memberIn(graph, 'tensors'))
  const buffers = listIn(memberIn(model, 'buffers'))
  const operatorCodes = listIn(memberIn(model, 'operatorCodes'))
  const [from] = int32s(memberIn(graph, 'inputs'))
  const values = new Map<number, Values>([[from ?? -1, input]])
  const makers = new Map<number, Tree>()
  for (const operator of listIn(memberIn(graph, 'operators'))) {
    for (const output of int32s(memberIn(operator, 'outputs'))) {
      demand(!makers.has(output), `two operators give ${output}`)
      makers.set(output, operator)
    }
  }
  // Only what the output needs is computed, because readers leave out the rest.
  const computed = (index: number, above: readonly number[]): Values => {
    const known = values.get(index)
    if (known !== undefined) return known
    const operator = makers.get(index)
    const tensor = tensors[index]
    demand(tensor !== undefined && !above.includes(index), `tensor ${index} is not there, or waits for itself`)
    if (operator === undefined) {
      const constant = constantOf(tensor, buffers)
      demand(constant !== null, `the constant ${textIn(memberIn(tensor, 'name'))}`)
      values.set(index, constant)
      return constant
    }
    const stated = operatorCodes[int32(memberIn(operator, 'opcode'))]
    const code = Math.max(int8(memberIn(stated, 'old')), int32(memberIn(stated, 'code')))
    const inside = [...above, index]
    const isShape = (place: number, at: number): boolean => code === codes.reshape && at === 1 && !makers.has(place)
    const inputs = int32s(memberIn(operator, 'inputs')).map((place, at) => {
      if (place === -1) return null
      const source = tensors[place]
      if (!isShape(place, at) || source === undefined) return computed(place, inside)
      return int8(memberIn(source, 'type')) === 2 ? constantOf(source, buffers) : null
    })
    const value = compute(code, memberIn(operator, 'options'), inputs, int32s(memberIn(tensor, 'shape')))
    values.set(index, value)
    return value
  }
  const [output] = int32s(memberIn(graph, 'outputs'))
  return computed(output ?? -1, [])
}
