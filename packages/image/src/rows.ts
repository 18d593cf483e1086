import type { Size } from '@mobilenetv2/spec'
import { checkPicture, type Picture } from './picture.js'

/** A picture whose rows are read when they are needed, so that the pixels of a large picture need not all be in memory. */
export interface PictureRows extends Size {
  /** Rows `first` to `first + count - 1`, as a picture of their own. */
  read(first: number, count: number): Picture
  /** Frees the picture that the rows are read from. No row can be read after that. */
  close(): void
}

/**
 * Gives the rows of a picture in memory, without a copy.
 * @throws MobileNetV2Error `IMAGE` for a picture that is not valid.
 */
export function rowsOf(picture: Picture, where = 'picture'): PictureRows {
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
