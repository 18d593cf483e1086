/** The index of the label that means "none of the others"; null if there is none. */
export function backgroundAmong(labels: readonly string[]): number | null {
  const index = labels.findIndex((label) => label.trim().toLowerCase() === 'background')
  return index < 0 ? null : index
}

/** Whether labels fit logits: one label for each, or two for a single output, which tells a class from its absence. */
export function fitsLogits(labels: readonly string[], count: number): boolean {
  return labels.length === count || (count === 1 && labels.length === 2)
}
