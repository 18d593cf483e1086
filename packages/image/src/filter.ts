/** The two filters of Pillow's that a recipe can name. */
export type Filter = 'bilinear' | 'bicubic'

/** Bits after the point of a weight: a sum of 8-bit levels times weights, with room for a sign and overshoot, fits 32 bits. */
export const weightBits: number = 32 - 8 - 2

/** For each output pixel of one axis, which input pixels it is made of and their fixed-point weights. */
export interface Taps {
  /** Output pixels. */
  readonly count: number
  /** Weights reserved for each output pixel. */
  readonly stride: number
  /** First input pixel of each output pixel, and how many there are. */
  readonly starts: Int32Array
  readonly lengths: Int32Array
  /** `[count, stride]`, in units of 2^-weightBits. */
  readonly weights: Int32Array
}

/** Half the width of each filter, in input pixels where nothing is scaled. */
const support: Readonly<Record<Filter, number>> = { bilinear: 1, bicubic: 2 }

/** The Keys kernel with a = -0.5 (Pillow's BICUBIC; OpenCV and PyTorch tensors use -0.75). */
const a = -0.5

function weightAt(filter: Filter, distance: number): number {
  const x = Math.abs(distance)
  if (filter === 'bilinear') return x < 1 ? 1 - x : 0
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
}

/**
 * The taps of output pixels `first` to `first + count - 1` when the input pixels from `start` to `start + extent` (of `inputSize`
 * there are) become `outputSize` pixels. When shrinking, the filter is widened by the scale: antialiasing. The order of the
 * floating-point operations is that of Pillow (src/libImaging/Resample.c, precompute_coeffs and normalize_coeffs_8bpc), which
 * makes the weights equal to the last bit.
 */
export function filterTaps(
  filter: Filter,
  inputSize: number,
  start: number,
  extent: number,
  outputSize: number,
  first: number,
  count: number,
): Taps {
  const scale = extent / outputSize
  const filterScale = Math.max(scale, 1)
  const reach = support[filter] * filterScale
  const stride = Math.ceil(reach) * 2 + 1
  const starts = new Int32Array(count)
  const lengths = new Int32Array(count)
  const weights = new Int32Array(count * stride)
  const exact = new Float64Array(stride)
  const inverseScale = 1 / filterScale
  for (let i = 0; i < count; i++) {
    const centre = start + (first + i + 0.5) * scale
    const low = Math.max(Math.trunc(centre - reach + 0.5), 0)
    const length = Math.min(Math.trunc(centre + reach + 0.5), inputSize) - low
    let sum = 0
    for (let tap = 0; tap < length; tap++) {
      const weight = weightAt(filter, (tap + low - centre + 0.5) * inverseScale)
      exact[tap] = weight
      sum += weight
    }
    for (let tap = 0; tap < length; tap++) {
      const weight = (sum === 0 ? exact[tap]! : exact[tap]! / sum) * 2 ** weightBits
      weights[i * stride + tap] = Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5)
    }
    starts[i] = low
    lengths[i] = length
  }
  return { count, stride, starts, lengths, weights }
}
