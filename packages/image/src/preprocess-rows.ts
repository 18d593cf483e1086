import { checkOptionNames, type Global, type Preprocessing, type Size, type UnsharedFloats } from '@mobilenetv2/spec'
import { preprocessingSteps } from './preprocessing-steps.js'
import type { PictureRows } from './rows.js'
import { sharedPause } from './shared-pause.js'

/**
 * Makes a model's input as `preprocess` does, but from rows and strip by strip. Other tasks of the event loop run between the strips, even
 * if many pictures are preprocessed at the same time. Only the rows that the preprocessing needs are read. The rows are closed at the end,
 * also after an error.
 * @param recipe the model's preprocessing
 * @param input the size of the model's input
 * @returns float32 `[input.height, input.width, 3]`
 * @throws MobileNetV2Error `IMAGE` and `OPTION`, as `preprocess`
 * @throws the signal's reason if the signal is aborted
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { decodeRows, preprocessRows } from '@mobilenetv2/image'
 * import { readNetwork } from '@mobilenetv2/weights'
 *
 * const { preprocessing, architecture } = await readNetwork(await readFile('mobilenet_v2.tflite'))
 * const input = await preprocessRows(await decodeRows(await readFile('cat.jpg')), preprocessing, architecture.input)
 * ```
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
