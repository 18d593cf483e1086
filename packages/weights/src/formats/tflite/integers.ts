import { shortened } from '@mobilenetv2/spec'
import type { StoredTensor } from '../../checkpoint.js'
import { type Bounds, boundsOf, clamped } from '../../integer-arithmetic.js'
import type { StoredActivation, StoredIntegers, UnusableIntegers } from '../../stored-integers.js'
import {
  activationOf8Bits,
  biasOf32Bits,
  type GrowingLayer,
  isSameActivation,
  isScale,
  orUnusable,
  unfit,
} from '../integer-walk.js'
import type { TfliteOperator, TfliteTensor } from './read.js'

/** The field of an operator's options with its activation function, an `ActivationFunctionType` of the schema. */
const activationFields: ReadonlyMap<string, number> = new Map([
  ['CONV_2D', 3],
  ['DEPTHWISE_CONV_2D', 4],
  ['FULLY_CONNECTED', 0],
  ['ADD', 0],
  ['AVERAGE_POOL_2D', 5],
])

const everything: Bounds = boundsOf.linear

/** The bounds of activation functions by their numbers. */
const bounds: ReadonlyMap<number, Bounds> = new Map<number, Bounds>([
  [0, everything],
  [1, boundsOf.relu],
  [3, boundsOf.relu6],
])

/** Operators that move values, or add zeros around them. */
const movers = new Set(['PAD', 'RESHAPE', 'SQUEEZE', 'EXPAND_DIMS'])

/** Operators after the last layer of integers. */
const ends = new Set(['SOFTMAX', 'LOGISTIC', 'DEQUANTIZE', 'SHAPE', 'ARG_MAX', 'TOPK_V2'])

/** The index for an input that is left out. */
const leftOut = -1

function activationOf({ name, dtype, quantization }: TfliteTensor): StoredActivation {
  if (dtype !== 'int8' && dtype !== 'uint8') unfit(`the activation ${shortened(name)} is of ${dtype}`)
  const { scales: [scale, ...others] = [], zeroPoints: [zeroPoint = 0] = [] } = quantization ?? {}
  const activation = others.length > 0 ? null : activationOf8Bits(dtype, scale, zeroPoint)
  return activation ?? unfit(`the activation ${shortened(name)} has no scale of its own`)
}

function isSame(one: TfliteTensor, other: TfliteTensor): boolean {
  return isSameActivation(activationOf(one), activationOf(other))
}

function kernelOf(kernel: StoredTensor | null | undefined, dtype: TfliteTensor['dtype']): StoredTensor {
  if (kernel === null || kernel === undefined) unfit('a kernel is computed')
  const { name, quantization } = kernel
  if (kernel.dtype !== dtype || quantization === null) unfit(`the kernel ${shortened(name)} is not of ${dtype}`)
  const { scales, zeroPoints } = quantization
  // LiteRT has no kernels for the other combinations.
  const fits =
    dtype === 'int8'
      ? zeroPoints.every((zeroPoint) => zeroPoint === 0)
      : scales.length === 1 && zeroPoints[0]! >= 0 && zeroPoints[0]! <= 255
  if (!fits || !scales.every(isScale)) unfit(`the kernel ${shortened(name)} has other scales or zero points`)
  return kernel
}

function walk(tensors: readonly TfliteTensor[], operators: readonly TfliteOperator[], start: number): StoredIntegers {
  const layers: GrowingLayer[] = []
  /** The layer that gives an activation. */
  const layerOf = new Map<number, number>()
  let current = start

  const add = (layer: GrowingLayer, output: number): void => {
    layerOf.set(output, layers.push(layer) - 1)
    current = output
  }

  /** Reads the first operator, which quantises the input, or converts levels of 0 to 255 into integers of -128 to 127. */
  const quantizeInput = (from: TfliteTensor, output: number): void => {
    const to = activationOf(tensors[output]!)
    if (from.dtype !== 'float32') {
      const before = activationOf(from)
      if (before.scale !== to.scale || before.least !== to.least) unfit('its input gets another scale')
    }
    current = output
  }

  const addResidual = (operands: readonly number[], output: number, allowed: Bounds): void => {
    const place = layerOf.get(current)
    const other = operands[0] === current ? operands[1] : operands[0]
    const from = layerOf.get(other ?? -1)
    const own = layers[place ?? -1]
    if (
      from === undefined ||
      own?.kind !== 'weights' ||
      own.addition !== null ||
      !operands.includes(current) ||
      other === current
    ) {
      unfit('an addition is no shortcut')
    }
    if (allowed !== everything) unfit('an activation function follows an addition')
    const sum = tensors[output]!
    if (sum.dtype !== tensors[current]!.dtype) unfit('an addition has two types')
    own.addition = { from, residual: activationOf(tensors[other!]!), output: activationOf(sum) }
    layerOf.delete(current)
    layerOf.set(output, place!)
    current = output
  }

  const compute = ({ name, inputs, outputs: [output = -1] }: TfliteOperator, allowed: Bounds): void => {
    const [from, to] = [tensors[current]!, tensors[output]!]
    const input = activationOf(from)
    if (from.dtype !== to.dtype) unfit(`${name} gives ${to.dtype}`)
    switch (name) {
      case 'CONV_2D':
      case 'DEPTHWISE_CONV_2D':
      case 'FULLY_CONNECTED': {
        const kernel = kernelOf(tensors[inputs[1] ?? leftOut]?.constant, from.dtype)
        const bias = biasOf32Bits(tensors[inputs[2] ?? leftOut] ?? null)
        add({ kind: 'weights', input, kernel, bias, output: clamped(activationOf(to), allowed), addition: null }, output)
        break
      }
      case 'MEAN':
        add({ kind: 'pool', rounding: 'multiplier', input, output: activationOf(to) }, output)
        break
      case 'AVERAGE_POOL_2D':
        if (!isSame(from, to) || allowed !== everything) unfit('its pool gets another scale')
        add({ kind: 'pool', rounding: 'division', input, output: activationOf(to) }, output)
        break
      default:
        if (!movers.has(name)) unfit(`it has the operator ${name}, which is not run in integers`)
        if (!isSame(from, to)) unfit(`${name} gets another scale`)
        current = output
    }
  }

  const take = (operator: TfliteOperator): void => {
    const { name, inputs, outputs, options } = operator
    const [first = leftOut, second = leftOut] = inputs
    const [output = leftOut] = outputs
    if (tensors[output] === undefined) unfit(`${name} gives nothing`)
    const isLater = name === 'QUANTIZE' && current !== start
    // Whatever follows the last layer, or depends on constants only, is not a layer.
    if (ends.has(name) || isLater || !inputs.some((index) => index === current || layerOf.has(index))) return
    const field = activationFields.get(name)
    const code = field === undefined ? 0 : (options?.int8(field, 0) ?? 0)
    const allowed = bounds.get(code)
    if (allowed === undefined) unfit(`${name} has the activation function ${code}`)
    if (name === 'ADD') addResidual([first, second], output, allowed)
    else if (first !== current) unfit(`${name} takes an earlier activation`)
    else if (name === 'QUANTIZE') quantizeInput(tensors[current]!, output)
    else compute(operator, allowed)
  }

  for (const operator of operators) take(operator)
  const [layer] = layers
  if (layer === undefined) unfit('its activations are floats')
  return { input: layer.input, takesLevels: tensors[start]!.dtype !== 'float32', layers }
}

/**
 * The integers of a quantised file as LiteRT runs it, if each operator takes 8-bit integers from the operator before it.
 * @param start the index of the input
 */
export function tfliteIntegers(
  tensors: readonly TfliteTensor[],
  operators: readonly TfliteOperator[],
  start: number,
): StoredIntegers | UnusableIntegers {
  return orUnusable(() => walk(tensors, operators, start))
}
