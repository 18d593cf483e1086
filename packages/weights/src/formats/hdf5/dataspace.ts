import { isShape, mostAxes } from '../../checkpoint.js'
import { damagedHdf5, type Hdf5Bytes, unknownHdf5 } from './hdf5-bytes.js'

/** The extents in the dataspace message at `at` (section IV.A.2.b of the HDF5 file format specification); empty for a scalar. */
export function readDataspace(bytes: Hdf5Bytes, at: number): number[] {
  const [version, rank] = [bytes.uint8(at), bytes.uint8(at + 1)]
  if (version !== 1 && version !== 2) unknownHdf5('a dataspace of another version', String(version))
  if (rank > mostAxes) damagedHdf5(`a dataset has over ${mostAxes} axes`, String(rank))
  const extents = at + (version === 1 ? 8 : 4)
  const shape = Array.from({ length: rank }, (_, axis) => bytes.size(extents + 8 * axis))
  return isShape(shape) ? shape : damagedHdf5('a dataspace has extents that cannot be', `[${shape.join(', ')}]`)
}
