import { type Box, checkOptionNames } from '@mobilenetv2/spec'
import type { Filter } from './filter.js'
import { checkBox, checkPicture, checkSize, type Picture } from './picture.js'
import { resample } from './resample.js'
import { rowsOf } from './rows.js'
import { takeAll } from './steps.js'

/** The options of `resize`. */
export interface ResizeOptions {
  /** Width of the result in pixels. */
  readonly width: number
  /** Height of the result in pixels. */
  readonly height: number
  /** The filter. */
  readonly interpolation: Filter
  /** The part of the picture that is resized, in pixels that may have fractions; the whole picture unless given. */
  readonly box?: Box | undefined
}

/**
 * Resizes a picture, or a `box` of it, to RGB. A transparent picture is drawn on white. The result has the same bits as that of
 * `Image.resize` of Pillow 12 or older with BILINEAR or BICUBIC and the same box. It is antialiased, and computed in 8-bit fixed point.
 * Bicubic overshoot is clamped to 0 to 255.
 * @throws MobileNetV2Error `IMAGE` if the picture, the size or the box is not valid, or WebAssembly with SIMD is missing; `OPTION` if an
 * option is unknown
 * @example
 * ```ts
 * import { type Picture, resize } from '@mobilenetv2/image'
 *
 * const picture: Picture = { data: Uint8Array.of(0, 0, 0, 100, 100, 100), width: 2, height: 1, channels: 3 }
 * resize(picture, { width: 1, height: 1, interpolation: 'bilinear' }).data // => Uint8ClampedArray(3) [ 50, 50, 50 ]
 * ```
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
