import type { OutputKind } from './network.js'

/**
 * Whether logits are read by softmax. If nothing states how they are read, several are read by softmax, and a single one is not.
 * @param outputs length of the logits
 * @internal
 */
export function readsAsSoftmax(output: OutputKind, outputs: number): boolean {
  switch (output) {
    case 'softmax':
      return true
    case 'sigmoid':
      return false
    case 'logits':
      return outputs > 1
    default:
      throw new Error(`unknown output ${output satisfies never}`)
  }
}
