import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { parameterParts, splitName } from './modules.js'

/** The tensors that the reader of a file could not read, with reasons. */
function unreadableIn({ metadata: { unreadable } }: Checkpoint): (readonly [tensor: string, reason: string])[] {
  return Object.entries(typeof unreadable === 'object' ? { ...unreadable } : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
}

function refuse([tensor, got]: readonly [tensor: string, reason: string]): never {
  throw new CheckpointError('Tensors of this file cannot be read.', {
    tensor,
    got,
    remedy: 'Save the state dict of the float model: torch.save(model.state_dict(), path).',
  })
}

/**
 * Refuses a file without a complete network because of its first tensor that cannot be read.
 * @throws CheckpointError if there is such a tensor
 */
export function refuseUnreadable(checkpoint: Checkpoint): void {
  const [first] = unreadableIn(checkpoint)
  if (first !== undefined) refuse(first)
}

/** The names of arrays that were saved without names. */
const numbered = /^(arr_)?\d+$/

/**
 * Refuses a network if one of its parameters cannot be read, because it would be read as another network without it. Other tensors do not
 * matter, nor do copies of its parameters in other parts of the file, such as averages.
 * @param prefix the prefix of the network's names
 * @param isOrdered whether the network was found by the order of the tensors
 * @throws CheckpointError if a parameter of the network cannot be read
 */
export function checkUnreadable(checkpoint: Checkpoint, prefix: string, isOrdered: boolean): void {
  const { tensors } = checkpoint
  const above = Math.max(1, prefix.split(/[./]/).length - 1)
  for (const entry of unreadableIn(checkpoint)) {
    const [name] = entry
    const isParameter = parameterParts.has(splitName(name)[1]) || (isOrdered && numbered.test(name))
    const inside = name
      .split(/(?<=[./])/)
      .slice(above)
      .join('')
    if (isParameter && !tensors.has(name) && !tensors.has(`${prefix}${inside}`)) refuse(entry)
  }
}
