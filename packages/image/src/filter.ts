/** Two resampling filters of Pillow. Both widen when a picture shrinks (antialiasing). */
export type Filter = 'bilinear' | 'bicubic'

/**
 * Bits of a weight after the binary point. A sum of 8-bit levels times weights then fits 32 bits, with a bit for the sign and one for
 * overshoot.
 */
export const weightBits: number = 32 - 8 - 2

/** How many taps the kernels compute at once. */
export const tapsAtOnce = 4

/** A weight is split into its high bits and this many low bits, so that the kernels can multiply signed 16-bit numbers. */
export const lowBits = 11

/** Bytes of the weights of `tapsAtOnce` taps in a record: the high bits of each, then the low bits of each, as 16-bit numbers. */
export const weightsBytes: number = 2 * tapsAtOnce * Int16Array.BYTES_PER_ELEMENT

/** Bytes of a record before its weights: they hold the index of the first input pixel. */
export const recordHeader: number = Int32Array.BYTES_PER_ELEMENT

/** The taps of each output pixel of one axis: the input pixels that it is computed from, and their weights in fixed point. */
export interface Taps {
  /** Number of output pixels. */
  readonly count: number
  /** The first input pixel of each output pixel. */
  readonly starts: Int32Array
  /** The number of input pixels of each output pixel. */
  readonly lengths: Int32Array
  /**
   * A record for each output pixel, as the kernels read it: the first input pixel (32 bits), then for each group of `tapsAtOnce`
   * taps the high bits of their weights, then the low bits: `weight = high * 2^lowBits + low`, in units of 2^-weightBits. The last
   * group is filled up with weights of 0.
   */
  readonly records: Uint8Array
  readonly recordBytes: number
}

/** Half of the width of each filter at scale 1, in input pixels. */
const support: Readonly<Record<Filter, number>> = { bilinear: 1, bicubic: 2 }

/** The parameter of the Keys kernel: -0.5 in Pillow's BICUBIC (-0.75 in OpenCV and in PyTorch's tensors). */
const a = -0.5

function weightAt(filter: Filter, distance: number): number {
  const x = Math.abs(distance)
  if (filter === 'bilinear') return x < 1 ? 1 - x : 0
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
}

/**
 * The taps of the output pixels `first` to `first + count - 1`. The axis has `inputSize` input pixels, of which those from `start` to
 * `start + extent` become `outputSize` output pixels. When a picture shrinks, the filter is widened by the scale (antialiasing). The order
 * of the floating-point operations is Pillow's (src/libImaging/Resample.c, precompute_coeffs and normalize_coeffs_8bpc), so that the
 * weights are equal to the last bit.
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
