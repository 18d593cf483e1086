import type { CheckpointContent, StoredTensor } from '../checkpoint.js'
import type { Budget } from './budget.js'
import { readNpy } from './npy.js'
import type { ZipEntry } from './zip.js'

const extension = '.npy'

/**
 * Reads NumPy's `.npz`, a zip of arrays by name, packed or not. The names may be those of any naming.
 * @throws CheckpointError if an array is damaged or not of numbers
 */
export function readNpz(entries: ReadonlyMap<string, ZipEntry>, budget: Budget): CheckpointContent {
  const tensors = new Map<string, StoredTensor>()
  for (const entry of entries.values()) {
    if (!entry.name.endsWith(extension)) continue
    const name = entry.name.slice(0, -extension.length)
    tensors.set(name, readNpy(name, entry.read(), budget))
  }
  return { format: 'npz', tensors, graph: null, metadata: {} }
}
