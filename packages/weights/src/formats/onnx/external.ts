import type { StoredTensor } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import type { ReadSibling } from '../../read-checkpoint.js'
import type { ExternalTensor } from './tensor.js'

/**
 * Reads the tensors whose values are in files beside the model, as views of these files. Each file is read once.
 * @throws CheckpointError if a file does not exist, is not beside the model, or is shorter than its tensors
 * @throws the errors of `readSibling`
 */
export async function readExternalTensors(
  external: readonly ExternalTensor[],
  readSibling: ReadSibling | undefined,
): Promise<ReadonlyMap<string, StoredTensor>> {
  const files = new Map<string, Uint8Array>()
  const tensors = new Map<string, StoredTensor>()
  for (const { name, shape, dtype, location: path, offset, length } of external) {
    if (readSibling === undefined) {
      throw new CheckpointError('The weights of this ONNX model are in another file.', {
        tensor: name,
        expected: path,
        remedy:
          'Give the model as a path or an address, so that the file beside it can be read, or save it in one file: onnx.save(onnx.load(path), path, save_as_external_data=False).',
      })
    }
    const file = files.get(path) ?? (await readSibling(path))
    if (file === null) {
      throw new CheckpointError('The file with the weights of this ONNX model is not there.', {
        tensor: name,
        expected: `${path}, beside the model`,
        remedy: 'Put it beside the model, and keep its name, which the model states.',
      })
    }
    files.set(path, file)
    if (offset + length > file.length) {
      throw new CheckpointError('The file with the weights of this ONNX model is too short.', {
        tensor: name,
        expected: `${length} bytes from ${offset} of ${path}`,
        got: `${file.length} bytes`,
      })
    }
    if (tensors.has(name)) throw new CheckpointError('Two tensors have one name.', { tensor: name })
    tensors.set(name, { name, shape, dtype, bytes: file.subarray(offset, offset + length), quantization: null })
  }
  return tensors
}
