import type { CheckpointContent } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import type { Budget } from '../budget.js'
import { readNpy } from '../numpy/npy.js'
import { isMagicNumber, readPytorchLegacy, readStorageFile } from '../pytorch/legacy.js'
import { pickleContent } from './content.js'
import { unpickle } from './unpickle.js'

/**
 * Reads a file that is a pickle: of PyTorch before version 1.6, or of arrays or tensors that `pickle.dump` wrote.
 * @throws CheckpointError if the pickle is damaged, or holds no tensors
 */
export function readPickleFile(bytes: Uint8Array, budget: Budget): CheckpointContent {
  const { value } = unpickle(bytes, budget)
  if (isMagicNumber(value)) return readPytorchLegacy(bytes, budget)
  return pickleContent('pickle', value, readStorageFile(budget), budget)
}

/**
 * Reads a `.npy` of Python objects, which `numpy.save` writes for a dictionary or a list of arrays.
 * @throws CheckpointError if it is an array of numbers, which is not a checkpoint, or damaged, or has no tensors
 */
export function readNpyFile(bytes: Uint8Array, budget: Budget): CheckpointContent {
  const array = readNpy('(array)', bytes, budget)
  if (array.what !== 'objects') {
    throw new CheckpointError('The file is one array of NumPy, not a checkpoint.', { expected: 'an .npz of arrays by name' })
  }
  return pickleContent('pickle', unpickle(array.pickle, budget).value, readStorageFile(budget), budget)
}
