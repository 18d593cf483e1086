import { type Box, MobileNetV2Error, type Size } from '@mobilenetv2/spec'

/** A decoded picture: `data` is `[height, width, channels]`, red, green, blue (and alpha), sRGB, 8 bits each. */
export interface Picture {
  readonly data: Uint8Array | Uint8ClampedArray
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
}

/** Pixels of the largest picture that is decoded or resized: 64 megapixels, 192 MiB as RGB. */
export const maxPixels: number = 2 ** 26

/** Pixels of the longest side: what JPEG can have. It also bounds the filter's memory. */
export const maxSide = 65_535

/**
 * Checks that width and height are whole, at least 1 and within `maxSide` and `maxPixels`.
 * @throws MobileNetV2Error `IMAGE` if they are not; `where` names the picture.
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
 * Checks a picture's size, channels and length of data.
 * @throws MobileNetV2Error `IMAGE` if one of them is wrong.
 */
export function checkPicture({ data, width, height, channels }: Picture, where = 'picture'): void {
  checkSize({ width, height }, where)
  if (channels !== 3 && channels !== 4) {
    throw new MobileNetV2Error('IMAGE', 'A picture has the wrong channels.', {
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
 * Checks that a box is not empty and lies inside of the picture; fractions of pixels are allowed.
 * @throws MobileNetV2Error `IMAGE`
 */
export function checkBox({ left, top, width, height }: Box, picture: Size): void {
  const inside = left >= 0 && top >= 0 && width > 0 && height > 0 && left + width <= picture.width && top + height <= picture.height
  if (inside) return
  throw new MobileNetV2Error('IMAGE', 'A box is not inside of its picture.', {
    expected: `a box inside of ${picture.width} x ${picture.height}`,
    got: `left ${left}, top ${top}, width ${width}, height ${height}`,
  })
}
