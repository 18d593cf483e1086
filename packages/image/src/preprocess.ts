import type { Preprocessing, Size, UnsharedFloats } from '@mobilenetv2/spec'
import type { Picture } from './picture.js'
import { preprocessingSteps } from './preprocessing-steps.js'
import { resampleAlignCorners } from './resample-align-corners.js'
import { rowsOf } from './rows.js'
import { takeAll } from './steps.js'

/**
 * Makes a model's input from a picture: resizes, crops and normalises it as the model's preprocessing says. A transparent picture
 * is drawn on white. The result has the same bits on every platform, because no platform's own resize is used.
 * @param recipe the model's preprocessing
 * @param input the size of the model's input
 * @returns float32 `[input.height, input.width, 3]`: red, green, blue
 * @throws MobileNetV2Error `IMAGE` if the picture or the size of the input is not valid, or WebAssembly with SIMD is missing; `OPTION` if
 * the preprocessing has a value that is not allowed
 * @example
 * ```ts
 * import { type Picture, preprocess } from '@mobilenetv2/image'
 *
 * const grey: Picture = { data: new Uint8Array(300 * 200 * 3).fill(51), width: 300, height: 200, channels: 3 }
 * const recipe = { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0, 0, 0], deviation: [1, 1, 1] } as const
 * preprocess(grey, recipe, { height: 1, width: 1 }) // => Float32Array(3) [ 0.20000000298023224, 0.20000000298023224, 0.20000000298023224 ]
 * ```
 */
export function preprocess(picture: Picture, recipe: Preprocessing, input: Size): UnsharedFloats {
  return takeAll(preprocessingSteps(rowsOf(picture), recipe, input, resampleAlignCorners))
}
