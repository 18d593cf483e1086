import type { Size } from '@mobilenetv2/spec'
import { type Colour, onBackground, white } from './background.js'
import { checkPicture, type Picture } from './picture.js'

/**
 * A picture whose rows are read when they are needed, so that the pixels of a large picture need not all be in memory. Its rows are
 * opaque: where they have a fourth channel, it has no effect.
 */
export interface PictureRows extends Size {
  /** Rows `first` to `first + count - 1`, as a picture of their own. */
  read(first: number, count: number): Picture
  /** Frees the picture that the rows are read from. No row can be read after that. */
  close(): void
}

/**
 * Gives the rows of an opaque picture in memory, without a copy.
 * @throws MobileNetV2Error `IMAGE` for a picture that is not valid.
 */
export function opaqueRows(picture: Picture, where = 'picture'): PictureRows {
  checkPicture(picture, where)
  const { data, width, height, channels } = picture
  const length = width * channels
  return {
    width,
    height,
    read: (first, count) => ({ data: data.subarray(first * length, (first + count) * length), width, height: count, channels }),
    close() {},
  }
}

/**
 * Gives the rows of a picture in memory. Those of RGB are not copied. Those of RGBA lie on the colour `background`.
 * @throws MobileNetV2Error `IMAGE` for a picture that is not valid.
 */
export function rowsOf(picture: Picture, where = 'picture', background: Colour = white): PictureRows {
  const rows = opaqueRows(picture, where)
  return picture.channels === 4 ? onBackground(rows, background) : rows
}
