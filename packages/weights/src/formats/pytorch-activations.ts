import { type StoredTensor, valueCount } from '../checkpoint.js'

const scaleName = /(^|\.)scale$/

/**
 * Leaves out the scales of activations: beside each quantised layer, PyTorch's state dicts have one `scale` and one `zero_point` of its
 * output, which are no parameters. Without quantised tensors nothing is left out.
 */
export function withoutActivationScales(tensors: ReadonlyMap<string, StoredTensor>): Map<string, StoredTensor> {
  const kept = new Map(tensors)
  if (![...tensors.values()].some(({ quantization }) => quantization !== null)) return kept
  for (const [name, { shape }] of tensors) {
    const other = name.replace(scaleName, '$1zero_point')
    const zeroPoint = tensors.get(other)
    if (!scaleName.test(name) || zeroPoint === undefined || valueCount(shape) !== 1 || valueCount(zeroPoint.shape) !== 1) continue
    kept.delete(name)
    kept.delete(other)
  }
  return kept
}
