import { roundToEven } from '@mobilenetv2/spec'
import { bytesPerValue, type Quantization, type StoredTensor, valueCount } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import { storedNumbers, vectorValues } from '../../values.js'

/** Integers without a scale are the numbers themselves. */
const itself: Quantization = { scales: [1], zeroPoints: [0], axis: 0 }

/** The numbers of a small constant: scales, zero points, axes. */
export function numbersOf(tensor: StoredTensor): number[] {
  if (tensor.dtype === 'int64') {
    const { buffer, byteOffset, byteLength } = tensor.bytes
    const view = new DataView(buffer, byteOffset, byteLength)
    return Array.from({ length: byteLength / bytesPerValue.int64 }, (_, index) => Number(view.getBigInt64(8 * index, true)))
  }
  return [...storedNumbers(tensor.quantization === null ? { ...tensor, quantization: itself } : tensor)]
}

/** The dequantised values of a constant that is added to an activation or multiplied with it. */
export function vectorOf(tensor: StoredTensor): number[] {
  const count = valueCount(tensor.shape)
  return [...vectorValues({ ...tensor, shape: [count] }, count)]
}

/** A bias as `[channels]`. It may be stored as `[1, channels, 1, 1]`. */
export function asVector(tensor: StoredTensor): StoredTensor {
  const quantization = tensor.quantization === null ? null : { ...tensor.quantization, axis: 0 }
  return { ...tensor, shape: [valueCount(tensor.shape)], quantization }
}

/**
 * Stored integers with the scales and zero points of other constants. A negative `axis` counts from the end.
 * @throws CheckpointError if scales and zero points differ in number, or a scale is not positive
 */
export function withScales(
  tensor: StoredTensor,
  scales: readonly number[],
  zeroPoints: readonly number[],
  axis: number,
): StoredTensor {
  const wrong = scales.findIndex((scale) => !(scale > 0 && scale < Infinity))
  const zeros = zeroPoints.every((zero) => zero === zeroPoints[0]) ? zeroPoints.slice(0, 1) : zeroPoints
  if (scales.length === 0 || wrong >= 0 || (zeros.length > 1 && zeros.length !== scales.length)) {
    throw new CheckpointError('A tensor does not have the scales that it needs.', {
      tensor: tensor.name,
      expected: 'positive scales, and as many zero points',
      got: wrong >= 0 ? `scale ${scales[wrong]}` : `${scales.length} scales, ${zeros.length} zero points`,
    })
  }
  const place = axis < 0 ? axis + tensor.shape.length : axis
  return { ...tensor, quantization: { scales, zeroPoints: zeros.length === 0 ? [0] : zeros, axis: place } }
}

/** The lowest integer of each type of activations, and how many steps there are above it. */
const integers: Partial<Record<StoredTensor['dtype'], { readonly lowest: number; readonly steps: number }>> = {
  uint8: { lowest: 0, steps: 255 },
  int8: { lowest: -128, steps: 255 },
  uint16: { lowest: 0, steps: 65535 },
  int16: { lowest: -32768, steps: 65535 },
}

/**
 * The largest number that the integers of an activation stand for, if none can be negative. Then the quantiser has left out a ReLU or
 * ReLU6, because clamping to the integers does the same.
 * @returns null if integers can be negative
 */
export function mostOfIntegers(scale: StoredTensor | null, zeroPoint: StoredTensor | null): number | null {
  const { lowest, steps } = integers[zeroPoint?.dtype ?? 'uint8'] ?? { lowest: Number.NaN, steps: 0 }
  const [zero = 0] = zeroPoint === null ? [] : numbersOf(zeroPoint)
  const [step = Number.NaN] = scale === null ? [] : numbersOf(scale)
  return zero === lowest ? step * steps : null
}

/** The integers of floats that the graph itself quantises, as exports of quantisation-aware training do with their kernels. */
export function bytesOf(floats: StoredTensor, dtype: 'int8' | 'uint8'): Uint8Array {
  const { scales, zeroPoints, axis } = floats.quantization!
  const { lowest, steps } = integers[dtype]!
  const inner = valueCount(floats.shape.slice(axis + 1))
  return Uint8Array.from(vectorOf({ ...floats, quantization: null }), (value, index) => {
    const own = (list: readonly number[]): number => list[Math.floor(index / inner) % list.length]!
    // Rounded before the zero point is added: at halves the parity of the sum would decide otherwise.
    const integer = roundToEven(Math.fround(value / own(scales))) + own(zeroPoints)
    return Math.min(Math.max(integer, lowest), lowest + steps)
  })
}
