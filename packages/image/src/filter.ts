/** The two antialiasing filters of Pillow that a preprocessing can name. */
export type Filter = 'bilinear' | 'bicubic'

/** Bits after the point of a weight: a sum of 8-bit levels times weights, with room for a sign and overshoot, fits 32 bits. */
export const weightBits: number = 32 - 8 - 2

/** The kernels read the weights of this many taps at once. */
export const tapsAtOnce = 4

/** A weight is split into two signed 16-bit numbers for the kernels' products: this many low bits, and the high bits. */
export const lowBits = 11

/** Bytes of a record's weights for `tapsAtOnce` taps: the high bits of each, then the low ones, 16 bits each. */
export const weightsBytes: number = 2 * tapsAtOnce * Int16Array.BYTES_PER_ELEMENT

/** Bytes of a record before its weights: the first input pixel. */
export const recordHeader: number = Int32Array.BYTES_PER_ELEMENT

/** For each output pixel of one axis: the input pixels that it is computed from, and their fixed-point weights, as the kernels read them. */
export interface Taps {
  /** Output pixels. */
  readonly count: number
  /** First input pixel of each output pixel, and how many there are. */
  readonly starts: Int32Array
  readonly lengths: Int32Array
  /**
   * A record for each output pixel: its first input pixel (32 bits), then for each `tapsAtOnce` taps the high bits of their weights
   * and the low ones: `weight = high * 2^lowBits + low`, in units of 2^-weightBits. Missing taps have a weight of 0.
   */
  readonly records: Uint8Array
  readonly recordBytes: number
}

/** Half the width of each filter, in input pixels, at scale 1. */
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
 * The taps of output pixels `first` to `first + count - 1`. The input pixels from `start` to `start + extent`, of `inputSize` in all,
 * become `outputSize` pixels. When shrinking, the filter is widened by the scale: antialiasing. The order of the
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
  const starts = new Int32Array(count)
  const lengths = new Int32Array(count)
  let longest = 0
  for (let i = 0; i < count; i++) {
    const centre = start + (first + i + 0.5) * scale
    starts[i] = Math.max(Math.trunc(centre - reach + 0.5), 0)
    lengths[i] = Math.min(Math.trunc(centre + reach + 0.5), inputSize) - starts[i]!
    longest = Math.max(longest, lengths[i]!)
  }
  const recordBytes = recordHeader + Math.ceil(longest / tapsAtOnce) * weightsBytes
  const halves = new Int16Array((count * recordBytes) / Int16Array.BYTES_PER_ELEMENT)
  const words = new Int32Array(halves.buffer)
  const exact = new Float64Array(longest)
  const inverseScale = 1 / filterScale
  for (let i = 0; i < count; i++) {
    const centre = start + (first + i + 0.5) * scale
    const low = starts[i]!
    const length = lengths[i]!
    let sum = 0
    for (let tap = 0; tap < length; tap++) {
      const weight = weightAt(filter, (tap + low - centre + 0.5) * inverseScale)
      exact[tap] = weight
      sum += weight
    }
    words[(i * recordBytes) / Int32Array.BYTES_PER_ELEMENT] = low
    for (let tap = 0; tap < length; tap++) {
      const scaled = (sum === 0 ? exact[tap]! : exact[tap]! / sum) * 2 ** weightBits
      const weight = Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
      const high = (weight + (1 << (lowBits - 1))) >> lowBits
      const group = i * recordBytes + recordHeader + Math.floor(tap / tapsAtOnce) * weightsBytes
      const at = group / Int16Array.BYTES_PER_ELEMENT + (tap % tapsAtOnce)
      halves[at] = high
      halves[at + tapsAtOnce] = weight - (high << lowBits)
    }
  }
  return { count, starts, lengths, records: new Uint8Array(halves.buffer), recordBytes }
}
