import { type StoredTensor, valueCount } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'

/** The suffix of the name of an int8 tensor's scales: the scales of `stem.kernel` are `stem.kernel.scales`. */
export const scalesSuffix = '.scales'

/**
 * Joins the scales that `toSafetensors` writes beside int8 kernels with the kernels: float32, one for each index of the last axis, which is
 * the output channel. Other tensors stay unchanged.
 * @throws CheckpointError if scales have another type or number, or are not positive
 */
export function attachScales(tensors: ReadonlyMap<string, StoredTensor>): Map<string, StoredTensor> {
  const attached = new Map(tensors)
  for (const [name, tensor] of tensors) {
    const scales = tensors.get(name + scalesSuffix)
    if (tensor.dtype !== 'int8' || scales === undefined) continue
    const axis = tensor.shape.length - 1
    const channels = tensor.shape.at(-1)
    if (scales.dtype !== 'float32' || scales.shape.length !== 1 || valueCount(scales.shape) !== channels) {
      throw new CheckpointError('The scales of a tensor do not fit it.', {
        tensor: scales.name,
        expected: `F32 [${channels ?? 1}]`,
        got: `${scales.dtype} [${scales.shape.join(', ')}]`,
      })
    }
    const { buffer, byteOffset, byteLength } = scales.bytes
    const view = new DataView(buffer, byteOffset, byteLength)
    const values = Array.from({ length: channels }, (_, channel) => view.getFloat32(4 * channel, true))
    const wrong = values.findIndex((value) => !(value > 0 && value < Infinity))
    if (wrong >= 0) {
      throw new CheckpointError('A scale is not a positive number.', {
        tensor: scales.name,
        got: `${values[wrong]} at index ${wrong}`,
      })
    }
    attached.set(name, { ...tensor, quantization: { scales: values, zeroPoints: [0], axis } })
    attached.delete(scales.name)
  }
  return attached
}
