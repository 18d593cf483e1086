import { checkOptionNames, type Global, type Preprocessing, type Size, type UnsharedFloats } from '@mobilenetv2/spec'
import { normalise, normaliseUnit } from './normalise.js'
import { checkSize, type Picture } from './picture.js'
import { pictureRoute } from './picture-route.js'
import { resample } from './resample.js'
import { resampleAlignCorners } from './resample-align-corners.js'
import { type PictureRows, rowsOf } from './rows.js'
import { sharedPause } from './shared-pause.js'
import { type Steps, takeAll } from './steps.js'

function* preprocessing(rows: PictureRows, recipe: Preprocessing, input: Size): Steps<UnsharedFloats> {
  checkSize(input, "model's input")
  const { box, size, window } = pictureRoute(recipe, rows, input)
  switch (recipe.interpolation) {
    case 'bilinear':
    case 'bicubic':
      return normalise(yield* resample(rows, box, size, window, recipe.interpolation), recipe)
    case 'bilinearAlignCorners':
      return normaliseUnit(yield* resampleAlignCorners(rows, box, size, window), recipe)
    default:
      return recipe.interpolation satisfies never
  }
}

/**
 * Turns a picture into a model's input: resizes, crops and normalises it as the model's preprocessing says. The result is float32
 * `[height, width, 3]`, red, green, blue; alpha is dropped. It is equal on every platform, because no platform's own resize is used.
 * @throws MobileNetV2Error `IMAGE` for a picture or an input size that is not valid, `OPTION` for a recipe that cannot be applied.
 */
export function preprocess(picture: Picture, recipe: Preprocessing, input: Size): UnsharedFloats {
  return takeAll(preprocessing(rowsOf(picture), recipe, input))
}

/**
 * The same as `preprocess`, a strip of rows at a time. Other tasks run between the strips, also if many pictures are preprocessed at
 * once. Only the rows that the preprocessing needs are read. The rows are closed at the end, also after an error.
 * @throws MobileNetV2Error as `preprocess`, or the signal's reason.
 */
export async function preprocessRows(
  rows: PictureRows,
  recipe: Preprocessing,
  input: Size,
  options: { readonly signal?: Global<'AbortSignal'> | undefined } = {},
): Promise<UnsharedFloats> {
  try {
    checkOptionNames(options, ['signal'])
    const steps = preprocessing(rows, recipe, input)
    for (;;) {
      await sharedPause()
      options.signal?.throwIfAborted()
      const step = steps.next()
      if (step.done) return step.value
    }
  } finally {
    rows.close()
  }
}
