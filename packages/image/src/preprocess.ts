import type { Preprocessing, Size, UnsharedFloats } from '@mobilenetv2/spec'
import type { Picture } from './picture.js'
import { preprocessingSteps } from './preprocessing-steps.js'
import { resampleAlignCorners } from './resample-align-corners.js'
import { rowsOf } from './rows.js'
import { takeAll } from './steps.js'

/**
 * Turns a picture into a model's input: resizes, crops and normalises it as the model's preprocessing says. The result is float32
 * `[height, width, 3]`, red, green, blue; alpha is dropped. It is equal on every platform, because no platform's own resize is used.
 * @throws MobileNetV2Error `IMAGE` for a picture or an input size that is not valid, `OPTION` for a recipe that cannot be applied.
 */
export function preprocess(picture: Picture, recipe: Preprocessing, input: Size): UnsharedFloats {
  return takeAll(preprocessingSteps(rowsOf(picture), recipe, input, resampleAlignCorners))
}
