import { bytesPerValue, type Checkpoint, valueCount } from './checkpoint.js'

/** The bytes of all tensors of a checkpoint that was not read from a file. */
export function sizeOf({ tensors }: Checkpoint): number {
  return [...tensors.values()].reduce((sum, { shape, dtype }) => sum + valueCount(shape) * bytesPerValue[dtype], 0)
}
