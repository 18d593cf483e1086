import type { OutputKind } from '../network.js'

/** The index of the label that means "none of the others"; null if there is none. */
export function backgroundAmong(labels: readonly string[]): number | null {
  const index = labels.findIndex((label) => label.trim().toLowerCase() === 'background')
  return index < 0 ? null : index
}

/**
 * Whether labels fit logits: one label for each, or two for a single output, which tells a class from its absence. By softmax a single
 * output is always 1, and tells nothing.
 */
export function fitsLogits(labels: readonly string[], count: number, output?: OutputKind): boolean {
  return labels.length === count || (count === 1 && labels.length === 2 && output !== 'softmax')
}
