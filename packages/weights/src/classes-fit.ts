import { fitsLogits } from './facts/label-counts.js'
import type { Classes } from './network.js'

/**
 * Whether labels and background class fit a number of logits. They fit if there are no labels, or one for each class except the
 * background class. A single logit, which tells a class from its absence, may have two labels, unless it is read by softmax.
 * @internal
 */
export function classesFit(
  { labels, background, output }: Pick<Classes, 'labels' | 'background' | 'output'>,
  logits: number,
): boolean {
  const isLogit = background === null || (Number.isInteger(background) && background >= 0 && background < logits)
  const named = labels.length + (background === null ? 0 : 1)
  return isLogit && (labels.length === 0 || named === logits || (background === null && fitsLogits(labels, logits, output)))
}
