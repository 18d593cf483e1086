import type { OutputKind } from './network.js'

/** Whether one class of several is meant. If nothing says so, it is the usual case of several outputs. */
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
