import type { Preprocessing } from '@mobilenetv2/spec'
import { resampleAlignCorners } from './align-corners.js'
import { route } from './geometry.js'
import { normalise, normaliseUnit } from './normalise.js'
import { checkPicture, checkSize, type Picture, type Size } from './picture.js'
import { resample } from './resize.js'

/**
 * A picture as a model's input: resized, cropped and normalised by the model's recipe. Float32 `[height, width, 3]`, red, green, blue;
 * alpha is dropped. Equal on every platform, as no platform's own resize takes part.
 * @throws MobileNetV2Error `IMAGE` for a picture or an input size that is not valid, `OPTION` for a recipe that cannot be applied.
 */
export function preprocess(picture: Picture, recipe: Preprocessing, input: Size): Float32Array<ArrayBuffer> {
  checkPicture(picture)
  checkSize(input, "model's input")
  const { box, size, window } = route(recipe.geometry, picture, input)
  switch (recipe.interpolation) {
    case 'bilinear':
    case 'bicubic':
      return normalise(resample(picture, box, size, window, recipe.interpolation), recipe)
    case 'bilinearAlignCorners':
      return normaliseUnit(resampleAlignCorners(picture, box, size, window), recipe)
    default:
      return recipe.interpolation satisfies never
  }
}
