import { type StoredTensor, valueCount } from '../../checkpoint.js'
import { storedNumbers } from '../../values.js'
import type { Budget } from '../budget.js'
import { numbersOf } from '../onnx/constants.js'
import type { ProtobufAttributes } from './graph-def.js'
import type { InlinedNode } from './inline.js'
import { tensorTypeOf } from './tensor-proto.js'

const unary: ReadonlyMap<string, (value: number) => number> = new Map([
  ['Rsqrt', (value: number) => 1 / Math.sqrt(value)],
  ['Sqrt', Math.sqrt],
  ['Neg', (value: number) => -value],
  ['Square', (value: number) => value * value],
  ['Reciprocal', (value: number) => 1 / value],
  ['Inv', (value: number) => 1 / value],
])

const binary: ReadonlyMap<string, (left: number, right: number) => number> = new Map([
  ['Add', (left: number, right: number) => left + right],
  ['AddV2', (left: number, right: number) => left + right],
  ['Sub', (left: number, right: number) => left - right],
  ['Mul', (left: number, right: number) => left * right],
  ['RealDiv', (left: number, right: number) => left / right],
  ['Div', (left: number, right: number) => left / right],
  ['Maximum', Math.max],
  ['Minimum', Math.min],
])

/** Operators whose output has the values of their first input. */
const aliases = new Set(['Identity', 'StopGradient', 'PreventGradient', 'Snapshot', 'EnsureShape', 'PlaceholderWithDefault'])

const floats = new Set<StoredTensor['dtype']>(['float64', 'float32', 'float16', 'bfloat16'])

/** Whether `shape`, without its leading ones, is how `other` ends: so it is repeated along the other's first axes. */
function repeats(shape: readonly number[], other: readonly number[]): boolean {
  const from = shape.findIndex((extent) => extent !== 1)
  const own = from < 0 ? [] : shape.slice(from)
  return own.every((extent, index) => extent === other[other.length - own.length + index])
}

function stored(
  name: string,
  shape: readonly number[],
  count: number,
  budget: Budget,
  value: (index: number) => number,
): StoredTensor {
  budget.take(4 * count, name.slice(0, 100))
  const values = Float32Array.from({ length: count }, (_, index) => value(index))
  return { name, shape, dtype: 'float32', bytes: new Uint8Array(values.buffer), quantization: null }
}

/**
 * A cast of integers to floats, of which Keras makes the constants of a rescaling. Any other cast keeps the tensor as it is stored:
 * where a model runs in 16 bits, its weights are read in 32.
 */
function cast(tensor: StoredTensor, attributes: ProtobufAttributes, name: string, budget: Budget): StoredTensor | null {
  const type = tensorTypeOf(attributes.type('DstT') ?? 0)
  if (type === null || floats.has(type) === floats.has(tensor.dtype)) return type === null ? null : tensor
  if (!floats.has(type)) return null
  const count = valueCount(tensor.shape)
  budget.take(8 * count, name.slice(0, 100))
  const values = numbersOf(tensor)
  return stored(name, tensor.shape, count, budget, (index) => values[index]!)
}

/**
 * What an operator makes of constants: Keras 3 works out the scale of a BatchNorm in the graph.
 * @returns null if the operator is none that is worked out here
 */
export function foldConstant(
  { name, operation, attributes }: InlinedNode,
  inputs: readonly StoredTensor[],
  budget: Budget,
): StoredTensor | null {
  const [left, right] = inputs
  if (left === undefined) return null
  if (aliases.has(operation)) return left
  if (operation === 'Cast') return cast(left, attributes, name, budget)
  if (!floats.has(left.dtype)) return null
  const one = unary.get(operation)
  if (one !== undefined && inputs.length === 1) {
    const values = storedNumbers(left)
    return stored(name, left.shape, values.length, budget, (index) => one(values[index]!))
  }
  const two = binary.get(operation)
  if (two === undefined || right === undefined || inputs.length !== 2 || !floats.has(right.dtype)) return null
  const count = Math.max(valueCount(left.shape), valueCount(right.shape))
  const [larger, smaller] = valueCount(left.shape) === count ? [left, right] : [right, left]
  if (valueCount(smaller.shape) === 0 || smaller.shape.length > larger.shape.length || !repeats(smaller.shape, larger.shape))
    return null
  const [lefts, rights] = [storedNumbers(left), storedNumbers(right)]
  return stored(name, larger.shape, count, budget, (index) => two(lefts[index % lefts.length]!, rights[index % rights.length]!))
}
