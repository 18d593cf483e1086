import type { Checkpoint, StoredTensor } from '../../src/index.js'

/** A checkpoint with other names of its tensors; a tensor whose name becomes null is left out. */
export function renamed(checkpoint: Checkpoint, rename: (name: string) => string | null): Checkpoint {
  const tensors = new Map<string, StoredTensor>()
  for (const [name, tensor] of checkpoint.tensors) {
    const other = rename(name)
    if (other !== null) tensors.set(other, { ...tensor, name: other })
  }
  return { ...checkpoint, tensors }
}

/** A checkpoint with a part of one tensor changed. */
export function withTensor(checkpoint: Checkpoint, name: string, change: Partial<StoredTensor>): Checkpoint {
  const tensors = new Map([...checkpoint.tensors, [name, { ...checkpoint.tensors.get(name)!, ...change }]])
  return { ...checkpoint, tensors }
}
