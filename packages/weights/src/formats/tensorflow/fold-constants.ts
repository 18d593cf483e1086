import { type StoredTensor, valueCount } from '../../checkpoint.js'
import type { Budget } from '../budget.js'
import { foldConstants, mostFolded } from '../fold-constants.js'
import { numbersOf } from '../onnx/constants.js'
import type { ProtobufAttributes } from './graph-def.js'
import type { InlinedNode } from './inline.js'
import { tensorTypeOf } from './tensor-proto.js'

/** Operators whose output has the values of their first input. */
const aliases = new Set(['Identity', 'StopGradient', 'PreventGradient', 'Snapshot', 'EnsureShape', 'PlaceholderWithDefault'])

/** Operators that `foldConstants` knows under another name. */
const names: ReadonlyMap<string, string> = new Map([
  ['AddV2', 'add'],
  ['RealDiv', 'div'],
  ['Inv', 'reciprocal'],
])

const floats = new Set<StoredTensor['dtype']>(['float64', 'float32', 'float16', 'bfloat16'])

/**
 * A cast of integers to floats, which Keras uses for the constants of a rescaling. A cast between types of floats keeps the stored
 * tensor: a model that runs in 16 bits has weights of 32. A cast of floats to integers is not computed.
 */
function cast(tensor: StoredTensor, attributes: ProtobufAttributes, name: string, budget: Budget): StoredTensor | null {
  const type = tensorTypeOf(attributes.type('DstT') ?? 0)
  if (type === null || floats.has(type) === floats.has(tensor.dtype)) return type === null ? null : tensor
  if (!floats.has(type)) return null
  budget.take(16 * valueCount(tensor.shape), name)
  const values = Float32Array.from(numbersOf(tensor))
  return { name, shape: tensor.shape, dtype: 'float32', bytes: new Uint8Array(values.buffer), quantization: null }
}

/**
 * Computes an operator whose inputs are constants. Keras 3 computes the scale of a BatchNorm in the graph.
 * @returns null if the operator is not one that is computed here
 */
export function foldConstant(
  { name, operation, attributes }: InlinedNode,
  inputs: readonly StoredTensor[],
  budget: Budget,
): StoredTensor | null {
  const [first] = inputs
  if (first === undefined) return null
  if (aliases.has(operation)) return first
  if (operation === 'Cast') return cast(first, attributes, name, budget)
  if (inputs.length > 2) return null
  for (const { shape } of inputs) budget.take(32 * Math.min(valueCount(shape), mostFolded), name)
  return foldConstants(names.get(operation) ?? operation.toLowerCase(), name, inputs)
}
