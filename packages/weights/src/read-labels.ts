import { MobileNetV2Error } from '@mobilenetv2/spec'

/**
 * The labels in a file, by class index: a text with one in each line, or JSON with an array or an object of index to name or name to
 * index. They are what the option `labels` takes.
 * @param file what an error calls the file
 * @throws MobileNetV2Error `OPTION` if there are none in it; CheckpointError if the file asks for more than its size can justify
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
