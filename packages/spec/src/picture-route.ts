import type { Preprocessing } from './preprocessing.js'

/** Height and width in pixels. */
export interface Size {
  readonly height: number
  readonly width: number
}

/** A rectangle in pixels, from the top left corner of a picture. */
export interface Box extends Size {
  readonly left: number
  readonly top: number
}

/**
 * How one picture becomes a model's input: `box` of the picture (fractions of pixels allowed) is resized to `size`. Of the result,
 * `window` is taken, which is as large as the model's input. Then input = (level / 255 - mean) / deviation.
 */
export interface PictureRoute extends Pick<Preprocessing, 'interpolation' | 'mean' | 'deviation'> {
  readonly box: Box
  readonly size: Size
  readonly window: Box
}
