import { MobileNetV2Error } from '@mobilenetv2/spec'
import { type Filter, filterTaps } from './filter.js'
import { type Box, checkPicture, checkSize, type Picture, type Size } from './picture.js'
import { resizeColumns, resizeRows } from './resample.js'
import { type PictureRows, rowsOf } from './rows.js'
import { type Steps, takeAll } from './steps.js'

/** What `resize` takes. */
export interface ResizeOptions {
  /** Size of the result, in pixels. */
  readonly width: number
  readonly height: number
  readonly interpolation: Filter
  /** The part of the picture that is resized, fractions of pixels allowed; all of it unless given. */
  readonly box?: Box | undefined
}

/** Pixels that are read at once: 1 MiB as RGBA, a millisecond or two. */
const stripPixels = 2 ** 18

/**
 * The `window` of what `box` of the picture is when resized to `size`: `[window.height, window.width, 3]`. Only the window is
 * computed; the values are those of the whole. Along x first, then along y, rounded to 8 bits in between, as in Pillow's
 * src/libImaging/Resample.c, ImagingResampleInner. (Pillow 13 goes along y first where the height shrinks far more than the width,
 * which no recipe that keeps the aspect does.) A pass in which nothing moves has the weights 1 and 0, and copies.
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
    resizeRows(strip, across, resized.subarray((row - first) * length))
    yield
  }
  const target = new Uint8ClampedArray(down.count * length)
  for (let y = 0; y < down.count; y++) {
    const from = (down.starts[y]! - first) * length
    const rows = resized.subarray(from, from + down.lengths[y]! * length)
    resizeColumns(rows, down, y, target.subarray(y * length, (y + 1) * length))
    yield
  }
  return target
}

function checkBox({ left, top, width, height }: Box, picture: Picture): void {
  const inside = left >= 0 && top >= 0 && width > 0 && height > 0 && left + width <= picture.width && top + height <= picture.height
  if (inside) return
  throw new MobileNetV2Error('IMAGE', 'A box is not inside of its picture.', {
    expected: `a box inside of ${picture.width} x ${picture.height}`,
    got: `left ${left}, top ${top}, width ${width}, height ${height}`,
  })
}

/**
 * The picture, or the `box` of it, at another size, as RGB (alpha is dropped). Equal to Pillow's `Image.resize` with BILINEAR or
 * BICUBIC and the same box, bit for bit (12 and before; see `resample` on 13): antialiased, 8-bit fixed point. Levels stay in 0 to 255; bicubic
 * overshoot is clipped.
 * @throws MobileNetV2Error `IMAGE` for a picture, size or box that is not valid.
 */
export function resize(picture: Picture, { width, height, interpolation, box }: ResizeOptions): Picture {
  checkPicture(picture)
  checkSize({ width, height }, 'size to resize to')
  const part = box ?? { left: 0, top: 0, width: picture.width, height: picture.height }
  checkBox(part, picture)
  const data = takeAll(resample(rowsOf(picture), part, { width, height }, { left: 0, top: 0, width, height }, interpolation))
  return { data, width, height, channels: 3 }
}

/**
 * The `box` of the picture, whole pixels, as it is, with the picture's channels.
 * @throws MobileNetV2Error `IMAGE` for a picture that is not valid, or a box that is not whole or not inside of it.
 */
export function crop(picture: Picture, box: Box): Picture {
  checkPicture(picture)
  checkBox(box, picture)
  const { left, top, width, height } = box
  if (![left, top, width, height].every(Number.isInteger)) {
    throw new MobileNetV2Error('IMAGE', 'A box to crop is not in whole pixels.', {
      expected: 'integers',
      got: `left ${left}, top ${top}, width ${width}, height ${height}`,
      remedy: 'Give the box to resize, which takes fractions of pixels.',
    })
  }
  const { channels } = picture
  const data = new Uint8ClampedArray(width * height * channels)
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * picture.width + left) * channels
    data.set(picture.data.subarray(from, from + width * channels), row * width * channels)
  }
  return { data, width, height, channels }
}
