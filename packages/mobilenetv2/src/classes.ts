import { MobileNetV2Error } from '@mobilenetv2/spec'

/** What the classes of a model are called, and which of its logits stands for none of them. */
export interface Classes {
  /** Without a background class. */
  readonly labels: readonly string[]
  /** The index of the background class among the logits, or null. */
  readonly background: number | null
}

/**
 * Matches labels to `count` logits. Where none are known, 1000 classes are ImageNet's, as in every published MobileNet, and
 * others have no names. Labels may name the background class or leave it out.
 * @throws MobileNetV2Error `OPTION` where there are more or fewer labels than classes.
 */
export async function classesOf(count: number, known: readonly string[] | null, background: number | null): Promise<Classes> {
  const answers = count - (background === null ? 0 : 1)
  if (known === null)
    return { labels: answers === 1000 ? await (await import('@mobilenetv2/zoo/labels')).imagenetLabels() : [], background }
  const named = known.indexOf('background')
  if (known.length === count) {
    const none = named >= 0 ? named : background
    return { labels: none === null ? known : known.filter((_, index) => index !== none), background: none }
  }
  if (known.length === answers) return { labels: known, background }
  throw new MobileNetV2Error('OPTION', 'The labels do not fit the classes of the model.', {
    where: 'option labels',
    expected: background === null ? `${count} labels` : `${answers} labels, or ${count} with the background class`,
    got: `${known.length} labels`,
  })
}
