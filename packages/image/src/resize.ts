import { type Box, checkOptionNames } from '@mobilenetv2/spec'
import type { Filter } from './filter.js'
import { checkBox, checkPicture, checkSize, type Picture } from './picture.js'
import { resample } from './resample.js'
import { rowsOf } from './rows.js'
import { takeAll } from './steps.js'

/** What `resize` takes. */
export interface ResizeOptions {
  /** Size of the result, in pixels. */
  readonly width: number
  readonly height: number
  readonly interpolation: Filter
  /** The part of the picture that is resized, fractions of pixels allowed; all of it unless given. */
  readonly box?: Box | undefined
}

/**
 * Resizes the picture, or the `box` of it, to RGB (alpha is dropped). The result is equal bit for bit to that of `Image.resize` of
 * Pillow 12 or older with BILINEAR or BICUBIC and the same box: antialiased, in 8-bit fixed point. Bicubic overshoot is clipped to 0
 * to 255.
 * @throws MobileNetV2Error `IMAGE` for a picture, size or box that is not valid, `OPTION` for an option that does not exist.
 */
export function resize(picture: Picture, options: ResizeOptions): Picture {
  checkOptionNames(options, ['width', 'height', 'interpolation', 'box'])
  const { width, height, interpolation, box } = options
  checkPicture(picture)
  checkSize({ width, height }, 'size to resize to')
  const part = box ?? { left: 0, top: 0, width: picture.width, height: picture.height }
  checkBox(part, picture)
  const data = takeAll(resample(rowsOf(picture), part, { width, height }, { left: 0, top: 0, width, height }, interpolation))
  return { data, width, height, channels: 3 }
}
