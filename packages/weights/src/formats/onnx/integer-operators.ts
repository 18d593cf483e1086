// The operators of a file that ONNX Runtime quantised, one by one.
import { shortened } from '@mobilenetv2/spec'
import { type StoredTensor, valueCount } from '../../checkpoint.js'
import { type Bounds, clamped, multiplierOf } from '../../integer-arithmetic.js'
import type { StoredActivation } from '../../stored-integers.js'
import { isScale, unfit } from '../integer-walk.js'
import { clipOf } from './attributes.js'
import { numbersOf } from './constants.js'
import type { OnnxNode } from './model.js'

/** Operators that move values. */
export const movers: ReadonlySet<string> = new Set([
  'Identity',
  'Dropout',
  'Flatten',
  'Reshape',
  'Squeeze',
  'Unsqueeze',
  'Transpose',
])

/** Means over a whole map, as the reader has made sure. */
export const pools: ReadonlySet<string> = new Set([
  'GlobalAveragePool',
  'AveragePool',
  'ReduceMean',
  'QLinearGlobalAveragePool',
  'QLinearAveragePool',
])

/** Operators that leave the integers: what follows them is no layer. */
export const ends: ReadonlySet<string> = new Set([
  'Softmax',
  'LogSoftmax',
  'QLinearSoftmax',
  'Sigmoid',
  'QLinearSigmoid',
  'ArgMax',
  'TopK',
  'Shape',
])

/** Where an operator of integers has the scale of its output, which the zero point follows. */
export const outputScales: ReadonlyMap<string, number> = new Map([
  ['QLinearConv', 6],
  ['QLinearMatMul', 6],
  ['QGemm', 7],
  ['QLinearAdd', 6],
  ['QLinearGlobalAveragePool', 3],
  ['QLinearAveragePool', 3],
])

/** Operators with a kernel: where the kernel and the bias are. */
export const weighted: ReadonlyMap<string, { readonly kernel: number; readonly bias: number | null }> = new Map([
  ['Conv', { kernel: 1, bias: 2 }],
  ['Gemm', { kernel: 1, bias: 2 }],
  ['MatMul', { kernel: 1, bias: null }],
  ['QLinearConv', { kernel: 3, bias: 8 }],
  ['QLinearMatMul', { kernel: 3, bias: null }],
  ['QGemm', { kernel: 3, bias: 6 }],
])

/** How far the scale of a bias may be from that of the sums, as a part of it: it is stored as a float32 of its own. */
const biasSlack = 1e-6

/** What both let through. */
export function within([least, most]: Bounds, [low, high]: Bounds): Bounds {
  return [Math.max(least, low), Math.min(most, high)]
}

/** What a `Clip` lets through. */
export function clipBounds(node: OnnxNode, constants: ReadonlyMap<string, StoredTensor>): Bounds {
  const numbersAt = (index: number): number[] => {
    const name = node.inputs[index] ?? ''
    const bound = constants.get(name)
    if (name !== '' && (bound === undefined || valueCount(bound.shape) !== 1)) unfit('the bounds of a Clip are computed')
    return bound === undefined ? [] : numbersOf(bound)
  }
  return clipOf(node, numbersAt)
}

/** An activation held in bounds. The zero point is added after rounding, unlike in TensorFlow Lite's files. */
export function held(activation: StoredActivation, bounds: Bounds): StoredActivation {
  const { least, most } = clamped({ ...activation, zeroPoint: 0 }, bounds)
  if (!(least <= 0 && most >= 0)) unfit('an activation function leaves zero out')
  return { ...activation, least, most }
}

/** A kernel of integers as layers take it, with its scales. */
export function kernelOf(kernel: StoredTensor | undefined): StoredTensor {
  if (kernel === undefined) unfit('a kernel is computed')
  const { name, dtype, quantization } = kernel
  if ((dtype !== 'int8' && dtype !== 'uint8') || quantization === null) unfit(`the kernel ${shortened(name)} is of ${dtype}`)
  const { scales, zeroPoints } = quantization
  const fits = zeroPoints.every((zero) => (dtype === 'int8' ? zero === 0 : zero >= 0 && zero <= 255))
  if (!fits || !scales.every(isScale)) unfit(`the kernel ${shortened(name)} has other scales or zero points`)
  return kernel
}

/** Refuses a bias with a scale that is not that of the sums it is added to: QLinear operators state none. */
export function checkBias(bias: StoredTensor, input: StoredActivation, kernel: StoredTensor): void {
  if (bias.quantization === null) return
  const { scales, zeroPoints } = bias.quantization
  const kernelScales = kernel.quantization!.scales
  const channels = Math.max(scales.length, kernelScales.length)
  for (let channel = 0; channel < channels; channel++) {
    const [scale = Number.NaN, kernelScale = Number.NaN] = [scales, kernelScales].map((of) => of[of.length === 1 ? 0 : channel])
    const sums = multiplierOf(input.scale, kernelScale, 1)
    if (!(Math.abs(scale - sums) <= biasSlack * sums)) unfit(`the bias ${shortened(bias.name)} has another scale than its sums`)
  }
  if (zeroPoints.some((zero) => zero !== 0)) unfit(`the bias ${shortened(bias.name)} has a zero point`)
}
