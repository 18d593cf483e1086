import { MobileNetV2Error } from '@mobilenetv2/spec'

/**
 * Reads a file of labels, for the option `labels`. It is a text with a label in each line, or JSON: an array of labels, an object of index
 * to label, or an object of label to index.
 * @param file what errors call the file
 * @returns the labels by class index
 * @throws MobileNetV2Error `OPTION` if there are no labels in the file
 * @throws CheckpointError `CHECKPOINT` if the file has too many labels
 * @example
 * ```ts
 * import { readLabels } from '@mobilenetv2/weights'
 *
 * await readLabels(new TextEncoder().encode('cat\ndog\n'), 'labels.txt') // => [ 'cat', 'dog' ]
 * ```
 */
export async function readLabels(bytes: Uint8Array, file: string): Promise<readonly string[]> {
  const { openBudget } = await import('./formats/budget.js')
  const { labelsOfFile } = await import('./facts/label-file.js')
  const [found] = labelsOfFile(bytes, openBudget(bytes.length))
  if (found !== undefined) return found.labels
  throw new MobileNetV2Error('OPTION', 'There are no labels in this file.', {
    where: file,
    expected: 'a text with a label in each line, or JSON with an array of labels or an object of index to label',
    got: `${bytes.length} bytes`,
  })
}
