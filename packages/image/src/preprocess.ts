import { createPause } from '@mobilenetv2/runtime'
import type { Preprocessing } from '@mobilenetv2/spec'
import { resampleAlignCorners } from './align-corners.js'
import { route } from './geometry.js'
import { normalise, normaliseUnit } from './normalise.js'
import { checkSize, type Picture, type Size } from './picture.js'
import { resample } from './resize.js'
import { type PictureRows, rowsOf } from './rows.js'
import { type Steps, takeAll } from './steps.js'

/** Milliseconds after which other tasks get in; with the longest step it stays below the 16 of a frame. */
const longestTask = 4

function* preprocessing(rows: PictureRows, recipe: Preprocessing, input: Size): Steps<Float32Array<ArrayBuffer>> {
  checkSize(input, "model's input")
  const { box, size, window } = route(recipe.geometry, rows, input)
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
 * A picture as a model's input: resized, cropped and normalised by the model's recipe. Float32 `[height, width, 3]`, red, green, blue;
 * alpha is dropped. Equal on every platform, as no platform's own resize takes part.
 * @throws MobileNetV2Error `IMAGE` for a picture or an input size that is not valid, `OPTION` for a recipe that cannot be applied.
 */
export function preprocess(picture: Picture, recipe: Preprocessing, input: Size): Float32Array<ArrayBuffer> {
  return takeAll(preprocessing(rowsOf(picture), recipe, input))
}

/**
 * The same as `preprocess`, a strip of rows at a time: other tasks get in between, and only the rows that the recipe needs are read. The
 * rows are closed in the end, whatever comes of them.
 * @throws MobileNetV2Error as `preprocess`, or the signal's reason.
 */
export async function preprocessRows(
  rows: PictureRows,
  recipe: Preprocessing,
  input: Size,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Float32Array<ArrayBuffer>> {
  try {
    const pause = createPause(options.signal, longestTask)
    const steps = preprocessing(rows, recipe, input)
    let step = steps.next()
    while (!step.done) {
      await pause()
      step = steps.next()
    }
    return step.value
  } finally {
    rows.close()
  }
}
