import type { CanonicalStrides } from './canonical-strides.js'
import type { StoredTensor } from './checkpoint.js'
import { channelQuantization, type Stored, storedNumbers } from './values.js'

/** For each row of the canonical kernel, the index of its first value among the stored values. */
export function rowOffsets(outer: CanonicalStrides['outer']): Int32Array {
  let offsets = new Int32Array(1)
  for (const { extent, stride } of outer) {
    const next = new Int32Array(offsets.length * extent)
    for (let at = 0; at < next.length; at++) next[at] = offsets[Math.floor(at / extent)]! + (at % extent) * stride
    offsets = next
  }
  return offsets
}

/** Number of rows that are gathered together if the channels are far apart in the file, so that a cache line serves all of these rows. */
const rowsAtOnce = 16

/** kernel[row][channel] = (stored - zero point) x scale. */
export function gather(
  stored: Stored,
  rows: Int32Array,
  channelStride: number,
  { scales, zeroPoints }: { scales: Float64Array; zeroPoints: Float64Array },
  kernel: Float32Array | Int16Array,
): void {
  const channels = scales.length
  if (channelStride === 1) {
    for (let row = 0, at = 0; row < rows.length; row++) {
      const source = rows[row]!
      for (let channel = 0; channel < channels; channel++, at++) {
        kernel[at] = (stored[source + channel]! - zeroPoints[channel]!) * scales[channel]!
      }
    }
    return
  }
  for (let first = 0; first < rows.length; first += rowsAtOnce) {
    const end = Math.min(rows.length, first + rowsAtOnce)
    for (let channel = 0; channel < channels; channel++) {
      const source = channel * channelStride
      const zeroPoint = zeroPoints[channel]!
      const scale = scales[channel]!
      for (let row = first; row < end; row++) kernel[row * channels + channel] = (stored[rows[row]! + source]! - zeroPoint) * scale
    }
  }
}

/**
 * A stored kernel in the layout of the definition, dequantised, with each output channel multiplied by its factor. If the stored values
 * need no change, the result is a view of the file.
 */
export function canonicalKernel(
  tensor: StoredTensor,
  { outer, channels, channelStride }: CanonicalStrides,
  axis: number,
  factor: Float64Array | null,
): Float32Array {
  const stored = storedNumbers(tensor)
  const rows = rowOffsets(outer)
  const inOrder = channelStride === 1 && rows.every((offset, row) => offset === row * channels)
  if (inOrder && factor === null && tensor.quantization === null && stored instanceof Float32Array) return stored
  const { scale, zeroPoint } = channelQuantization(tensor, axis, channels)
  const scales = Float64Array.from({ length: channels }, (_, channel) => scale(channel) * (factor?.[channel] ?? 1))
  const zeroPoints = Float64Array.from({ length: channels }, (_, channel) => zeroPoint(channel))
  const kernel = new Float32Array(rows.length * channels)
  gather(stored, rows, channelStride, { scales, zeroPoints }, kernel)
  return kernel
}
