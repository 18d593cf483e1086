import { checkOptionNames, type Global, type Preprocessing, type Size, type UnsharedFloats } from '@mobilenetv2/spec'
import { preprocessingSteps } from './preprocessing-steps.js'
import type { PictureRows } from './rows.js'
import { sharedPause } from './shared-pause.js'

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
    const aligned = recipe.interpolation === 'bilinearAlignCorners' ? await import('./resample-align-corners.js') : undefined
    const steps = preprocessingSteps(rows, recipe, input, aligned?.resampleAlignCorners)
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
