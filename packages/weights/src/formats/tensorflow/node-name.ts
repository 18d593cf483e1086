/** The name of the node in a reference: `name`, `name:1`, `name:output:1`, or `^name`, which has no value. */
export function nodeNameOf(reference: string): string {
  return reference.replace(/^\^/, '').split(':', 1)[0]!
}
