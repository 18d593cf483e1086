import { type Box, MobileNetV2Error } from '@mobilenetv2/spec'
import { checkBox, checkPicture, type Picture } from './picture.js'

/**
 * Copies the `box` of the picture, in whole pixels, with the picture's channels.
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
