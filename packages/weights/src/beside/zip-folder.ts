import type { Budget } from '../formats/budget.js'
import { readZip } from '../formats/zip/read.js'
import type { Beside } from './beside.js'
import { findCheckpoint } from './folder.js'

/** Names of entries that show that a zip is itself a checkpoint, of PyTorch, NumPy or Keras. */
const part = /^(?:.*\/)?data\.pkl$|\.npy$|^model\.weights\.h5$/

/** The checkpoint in a zip, and the files beside it. */
export interface ZippedCheckpoint {
  readonly name: string
  readonly bytes: Uint8Array
  readonly beside: Beside
}

/**
 * The checkpoint in a zip of several files, such as a download from Teachable Machine; null if the zip is itself a checkpoint, or contains
 * none. Other entries are unpacked when they are read.
 * @throws CheckpointError if the zip is damaged, or holds several checkpoints
 */
export function openZipFolder(bytes: Uint8Array, file: string, budget: Budget): ZippedCheckpoint | null {
  const entries = readZip(bytes, budget)
  const names = [...entries.keys()].filter((name) => !name.endsWith('/'))
  if (names.some((name) => part.test(name))) return null
  const found = findCheckpoint({
    name: file,
    names,
    async read(name, longest = Number.POSITIVE_INFINITY) {
      const entry = entries.get(name)!
      return entry.size > longest ? null : entry.read()
    },
  })
  return found && { ...found, bytes: entries.get(found.name)!.read() }
}
