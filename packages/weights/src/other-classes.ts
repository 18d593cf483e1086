import { MobileNetV2Error } from '@mobilenetv2/spec'
import type { Classes } from './network.js'

/**
 * The error, with the code `PARAMETERS`, for labels or a background class that belong to another classifier, so that `classesFit` is false.
 * @internal
 */
export function otherClasses({ labels, background }: Pick<Classes, 'labels' | 'background'>, logits: number): MobileNetV2Error {
  const of = (count: number): string => `${count} ${count === 1 ? 'label' : 'labels'}`
  const pair = logits === 1 ? ', or 2 labels of one logit that is read as sigmoid' : ''
  return new MobileNetV2Error('PARAMETERS', 'The labels or the background class of the network belong to another classifier.', {
    where: 'classes',
    expected: `no labels, ${of(logits)} without a background class, or ${of(Math.max(0, logits - 1))} with one below ${logits}${pair}`,
    got: `${of(labels.length)}, ${background === null ? 'no background class' : `background class ${background}`}`,
    remedy:
      'Put a new classifier on a network with withHead of @mobilenetv2/weights, which replaces everything that belongs to the old one.',
  })
}
