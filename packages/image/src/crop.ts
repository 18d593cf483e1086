import { type Box, MobileNetV2Error } from '@mobilenetv2/spec'
import { checkBox, checkPicture, type Picture } from './picture.js'

/**
 * Copies the part of a picture that is in `box`, with all of its channels.
 * @param box in whole pixels
 * @throws MobileNetV2Error `IMAGE` if the picture is not valid, or the box is empty, not in whole pixels or not inside the picture
 * @example
 * ```ts
 * import { crop, type Picture } from '@mobilenetv2/image'
 *
 * const picture: Picture = { data: new Uint8Array(4 * 4 * 3), width: 4, height: 4, channels: 3 }
 * crop(picture, { left: 1, top: 0, width: 2, height: 3 }).data.length // => 18
 * ```
 */
export function crop(picture: Picture, box: Box): Picture {
  checkPicture(picture)
  checkBox(box, picture)
  const { left, top, width, height } = box
  if (![left, top, width, height].every(Number.isInteger)) {
    throw new MobileNetV2Error('IMAGE', 'The box to crop is not in whole pixels.', {
      expected: 'integers',
      got: `left ${left}, top ${top}, width ${width}, height ${height}`,
      remedy: 'Round the box, or use resize, whose box may have fractions of pixels.',
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
