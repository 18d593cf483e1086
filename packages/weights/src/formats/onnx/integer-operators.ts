// The operators of a file that ONNX Runtime quantised, one by one.
import { shortened } from '@mobilenetv2/spec'
import { type StoredTensor, valueCount } from '../../checkpoint.js'
import { type Bounds, clamped, multiplierOf } from '../../integer-arithmetic.js'
import type { StoredActivation } from '../../stored-integers.js'
import { isScale, unfit } from '../integer-walk.js'
import { clipOf } from './attributes.js'
import { numbersOf } from './constants.js'
import type { OnnxNode } from './model.js'

/** Operators that move values, and do not change them. */
export const movers: ReadonlySet<string> = new Set([
  'Identity',
  'Dropout',
  'Flatten',
  'Reshape',
  'Squeeze',
  'Unsqueeze',
  'Transpose',
])

/** Means over a whole map. The reader of the graph has checked that. */
export const pools: ReadonlySet<string> = new Set([
  'GlobalAveragePool',
  'AveragePool',
  'ReduceMean',
  'QLinearGlobalAveragePool',
  'QLinearAveragePool',
])

/** Operators after the last layer of integers. */
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

/** For each operator of integers, the index of the input with the scale of its output. The next input is the zero point. */
export const outputScales: ReadonlyMap<string, number> = new Map([
  ['QLinearConv', 6],
  ['QLinearMatMul', 6],
  ['QGemm', 7],
  ['QLinearAdd', 6],
  ['QLinearGlobalAveragePool', 3],
  ['QLinearAveragePool', 3],
])

/** Operators with a kernel: the indices of the inputs with the kernel and the bias. */
export const weighted: ReadonlyMap<string, { readonly kernel: number; readonly bias: number | null }> = new Map([
  ['Conv', { kernel: 1, bias: 2 }],
  ['Gemm', { kernel: 1, bias: 2 }],
  ['MatMul', { kernel: 1, bias: null }],
  ['QLinearConv', { kernel: 3, bias: 8 }],
  ['QLinearMatMul', { kernel: 3, bias: null }],
  ['QGemm', { kernel: 3, bias: 6 }],
])

/**
 * The relative difference that is allowed between the scale of a bias and the scale of its sums. The file stores the scale of the
 * bias as a float32 of its own.
 */
const biasSlack = 1e-6

/** The bounds that both allow. */
export function within([least, most]: Bounds, [low, high]: Bounds): Bounds {
  return [Math.max(least, low), Math.min(most, high)]
}

/** The bounds of a `Clip`. */
export function clipBounds(node: OnnxNode, constants: ReadonlyMap<string, StoredTensor>): Bounds {
  const numbersAt = (index: number): number[] => {
    const name = node.inputs[index] ?? ''
    const bound = constants.get(name)
    if (name !== '' && (bound === undefined || valueCount(bound.shape) !== 1)) unfit('the bounds of a Clip are computed')
    return bound === undefined ? [] : numbersOf(bound)
  }
  return clipOf(node, numbersAt)
}

/** An activation clamped to bounds. The zero point is added after rounding, unlike in files of TensorFlow Lite. */
export function held(activation: StoredActivation, bounds: Bounds): StoredActivation {
  const { least, most } = clamped({ ...activation, zeroPoint: 0 }, bounds)
  if (!(least <= 0 && most >= 0)) unfit('an activation function excludes 0')
  return { ...activation, least, most }
}

/** A kernel of integers with its scales, checked. */
export function kernelOf(kernel: StoredTensor | undefined): StoredTensor {
  if (kernel === undefined) unfit('a kernel is computed')
  const { name, dtype, quantization } = kernel
  if ((dtype !== 'int8' && dtype !== 'uint8') || quantization === null) unfit(`the kernel ${shortened(name)} is of ${dtype}`)
  const { scales, zeroPoints } = quantization
  const fits = zeroPoints.every((zero) => (dtype === 'int8' ? zero === 0 : zero >= 0 && zero <= 255))
  if (!fits || !scales.every(isScale)) unfit(`the kernel ${shortened(name)} has other scales or zero points`)
  return kernel
}

/** Checks that a bias has the scale of the sums to which it is added. QLinear operators state no scale of the bias. */
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
