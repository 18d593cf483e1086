import type { CheckpointContent, PlainValue, StoredTensor } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import type { Budget } from '../budget.js'
import type { ZipEntry } from '../zip/read.js'
import { readNpy } from './npy.js'

const extension = '.npy'

/**
 * Reads NumPy's `.npz`, a zip of arrays, compressed or not. The names of the arrays may belong to any naming. Arrays of texts become
 * metadata. Arrays of any type that parameters cannot have are left out, with the reasons in `metadata.unreadable`.
 * @throws CheckpointError if an array is damaged, or none has a type that parameters can have
 */
export function readNpz(entries: ReadonlyMap<string, ZipEntry>, budget: Budget): CheckpointContent {
  const tensors = new Map<string, StoredTensor>()
  const texts = new Map<string, PlainValue>()
  const unreadable = new Map<string, string>()
  for (const entry of entries.values()) {
    if (!entry.name.endsWith(extension)) continue
    const name = entry.name.slice(0, -extension.length)
    budget.parts(1, 'arrays')
    const array = readNpy(name, entry.read(), budget)
    if (array.what === 'tensor') tensors.set(name, array.tensor)
    else if (array.what === 'texts') texts.set(name, array.texts)
    else unreadable.set(name, array.what === 'objects' ? "Python's objects (|O)" : array.reason)
  }
  if (tensors.size === 0) {
    const [first] = unreadable
    throw new CheckpointError('The zip holds no arrays of numbers.', {
      expected: 'a state dict saved by numpy.savez',
      got: first === undefined ? 'none' : `${first[0]}: ${first[1]}`,
    })
  }
  const notes = unreadable.size === 0 ? {} : { unreadable: Object.fromEntries(unreadable) }
  return { format: 'npz', tensors, graph: null, metadata: { ...Object.fromEntries(texts), ...notes } }
}
