import type { Box, Size } from '@mobilenetv2/spec'
import { type Filter, filterTaps } from './filter.js'
import { resampleColumns, resampleRows } from './resample-passes.js'
import type { PictureRows } from './rows.js'
import type { Steps } from './steps.js'

/** Pixels that are read at once: 1 MiB as RGBA, which takes a millisecond or two. */
const stripPixels = 2 ** 18

/**
 * Resizes `box` of the picture to `size`, and gives the `window` of the result: `[window.height, window.width, 3]`. Only the window is
 * computed, with the values that it would have in the whole result. The first pass is along x and the second along y. Between them levels
 * are rounded to 8 bits. That is how Pillow does it (src/libImaging/Resample.c, ImagingResampleInner). Pillow 13 begins with y if the
 * height shrinks far more than the width, which does not happen in a preprocessing that keeps the aspect ratio. A pass that does not change
 * the size has the weights 1 and 0, and copies.
 */
export function* resample(rows: PictureRows, box: Box, size: Size, window: Box, filter: Filter): Steps<Uint8ClampedArray> {
  const across = filterTaps(filter, rows.width, box.left, box.width, size.width, window.left, window.width)
  const down = filterTaps(filter, rows.height, box.top, box.height, size.height, window.top, window.height)
  const length = window.width * 3
  const first = down.starts[0]!
  const end = down.starts[down.count - 1]! + down.lengths[down.count - 1]!
  const resized = new Uint8ClampedArray((end - first) * length)
  const stripRows = Math.max(1, Math.floor(stripPixels / rows.width))
  for (let row = first; row < end; row += stripRows) {
    const strip = rows.read(row, Math.min(stripRows, end - row))
    resampleRows(strip, across, resized.subarray((row - first) * length))
    yield
  }
  const target = new Uint8ClampedArray(down.count * length)
  for (let y = 0; y < down.count; y++) {
    const from = (down.starts[y]! - first) * length
    const rows = resized.subarray(from, from + down.lengths[y]! * length)
    resampleColumns(rows, down, y, target.subarray(y * length, (y + 1) * length))
    yield
  }
  return target
}
