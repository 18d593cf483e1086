import type { Preprocessing, Size, UnsharedFloats } from '@mobilenetv2/spec'
import { normalise, normaliseUnit } from './normalise.js'
import { checkSize } from './picture.js'
import { pictureRoute } from './picture-route.js'
import { resample } from './resample.js'
import type { resampleAlignCorners } from './resample-align-corners.js'
import type { PictureRows } from './rows.js'
import type { Steps } from './steps.js'

/**
 * The steps of preprocessing.
 * @param alignCorners the resize for `bilinearAlignCorners`. Few models use that, and a page with another model need not load it.
 */
export function* preprocessingSteps(
  rows: PictureRows,
  recipe: Preprocessing,
  input: Size,
  alignCorners?: typeof resampleAlignCorners,
): Steps<UnsharedFloats> {
  checkSize(input, "model's input")
  const { box, size, window } = pictureRoute(recipe, rows, input)
  switch (recipe.interpolation) {
    case 'bilinear':
    case 'bicubic':
      return normalise(yield* resample(rows, box, size, window, recipe.interpolation), recipe)
    case 'bilinearAlignCorners':
      return normaliseUnit(yield* alignCorners!(rows, box, size, window), recipe)
    default:
      return recipe.interpolation satisfies never
  }
}
