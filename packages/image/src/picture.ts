import { type Box, MobileNetV2Error, type Size } from '@mobilenetv2/spec'

/**
 * A decoded picture of `width` x `height` pixels. Its `data` is `[height, width, channels]`: red, green, blue and, if `channels` is 4,
 * alpha, as sRGB levels from 0 to 255.
 */
export interface Picture {
  readonly data: Uint8Array | Uint8ClampedArray
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
}

/** Most pixels of a picture that is decoded or resized: 64 megapixels, which are 192 MiB as RGB. */
export const maxPixels: number = 2 ** 26

/** Most pixels of a side of a picture: the most that JPEG can have. It also bounds the memory of the resize. */
export const maxSide = 65_535

/**
 * Checks that width and height are integers, at least 1, and not above `maxSide` and `maxPixels`.
 * @param where what the error calls the picture
 * @throws MobileNetV2Error `IMAGE` if they are not
 */
export function checkSize({ width, height }: Size, where: string): void {
  const whole = Number.isInteger(width) && Number.isInteger(height) && width >= 1 && height >= 1
  if (whole && width <= maxSide && height <= maxSide && width * height <= maxPixels) return
  throw new MobileNetV2Error('IMAGE', whole ? 'A picture is too large.' : 'A picture has no valid size.', {
    where,
    expected: `width and height from 1 to ${maxSide}, at most ${maxPixels} pixels`,
    got: `${width} x ${height}`,
    remedy: 'Scale the picture down first; a model sees a few hundred pixels a side.',
  })
}

/**
 * Checks the size of a picture, its number of channels and the length of its data.
 * @throws MobileNetV2Error `IMAGE` if one of them is wrong
 */
export function checkPicture({ data, width, height, channels }: Picture, where = 'picture'): void {
  checkSize({ width, height }, where)
  if (channels !== 3 && channels !== 4) {
    throw new MobileNetV2Error('IMAGE', 'A picture has a wrong number of channels.', {
      where,
      expected: '3 (RGB) or 4 (RGBA)',
      got: String(channels),
    })
  }
  if (data.length !== width * height * channels) {
    throw new MobileNetV2Error('IMAGE', "A picture's data has the wrong length.", {
      where,
      expected: `${height} x ${width} x ${channels} = ${height * width * channels} bytes`,
      got: `${data.length} bytes`,
    })
  }
}

/**
 * Checks that a box is not empty and lies inside the picture. Fractions of pixels are allowed.
 * @throws MobileNetV2Error `IMAGE` if it does not
 */
export function checkBox({ left, top, width, height }: Box, picture: Size): void {
  const inside = left >= 0 && top >= 0 && width > 0 && height > 0 && left + width <= picture.width && top + height <= picture.height
  if (inside) return
  throw new MobileNetV2Error('IMAGE', 'A box is empty, or not inside the picture.', {
    expected: `a box inside ${picture.width} x ${picture.height}`,
    got: `left ${left}, top ${top}, width ${width}, height ${height}`,
  })
}
