import type { Preprocessing } from './preprocessing.js'

/** `height` and `width` in pixels. */
export interface Size {
  readonly height: number
  readonly width: number
}

/** A rectangle in a picture. `left` and `top` are pixels from the picture's top left corner. */
export interface Box extends Size {
  readonly left: number
  readonly top: number
}

/**
 * How one picture becomes a model's input. The `box` of the picture, in pixels that may have fractions, is resized to `size`. The `window`
 * of the result is the model's input, normalised: (level / 255 - mean) / deviation.
 */
export interface PictureRoute extends Pick<Preprocessing, 'interpolation' | 'mean' | 'deviation'> {
  readonly box: Box
  readonly size: Size
  readonly window: Box
}
