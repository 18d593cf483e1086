import type { Size } from '@mobilenetv2/spec'
import { type Colour, onBackground, white } from './background.js'
import { checkPicture, type Picture } from './picture.js'

/**
 * A picture whose rows are read when they are needed, so that the pixels of a large picture are not all in memory. The rows are opaque: if
 * they have a fourth channel, it has no effect.
 */
export interface PictureRows extends Size {
  /** The rows from `first` to `first + count - 1`, as a picture. */
  read(first: number, count: number): Picture
  /** Frees the picture. No row can be read after that. */
  close(): void
}

/**
 * The rows of an opaque picture in memory, without a copy.
 * @throws MobileNetV2Error `IMAGE` if the picture is not valid
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
 * The rows of a picture in memory. Rows of RGB are not copied. Rows of RGBA are drawn on `background` when they are read.
 * @param where the name of the picture in errors
 * @throws MobileNetV2Error `IMAGE` if the picture is not valid
 * @example
 * ```ts
 * import { rowsOf } from '@mobilenetv2/image'
 *
 * const transparent = { data: Uint8Array.of(0, 0, 0, 0), width: 1, height: 1, channels: 4 } as const
 * rowsOf(transparent, 'picture', [255, 0, 0]).read(0, 1).data // => Uint8Array(3) [ 255, 0, 0 ]
 * ```
 */
export function rowsOf(picture: Picture, where = 'picture', background: Colour = white): PictureRows {
  const rows = opaqueRows(picture, where)
  return picture.channels === 4 ? onBackground(rows, background) : rows
}
