import type { Classes } from './network.js'

/**
 * Whether labels and background class belong to so many logits: no labels, or one for each class but the background class; or two for a
 * single logit, which tells a class from its absence.
 */
export function classesFit({ labels, background }: Pick<Classes, 'labels' | 'background'>, logits: number): boolean {
  const isLogit = background === null || (Number.isInteger(background) && background >= 0 && background < logits)
  const named = labels.length + (background === null ? 0 : 1)
  return isLogit && (labels.length === 0 || named === logits || (logits === 1 && named === 2))
}
