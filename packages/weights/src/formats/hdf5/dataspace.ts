import { damagedHdf5, type Hdf5Bytes, unknownHdf5 } from './hdf5-bytes.js'

/** A kernel has 4 axes. */
const mostAxes = 8

/** The extents in the dataspace message at `at` (section IV.A.2.b of the HDF5 file format specification); empty for a scalar. */
export function readDataspace(bytes: Hdf5Bytes, at: number): number[] {
  const [version, rank] = [bytes.uint8(at), bytes.uint8(at + 1)]
  if (version !== 1 && version !== 2) unknownHdf5('a dataspace of another version', String(version))
  if (rank > mostAxes) damagedHdf5(`a dataset has over ${mostAxes} axes`, String(rank))
  const extents = at + (version === 1 ? 8 : 4)
  return Array.from({ length: rank }, (_, axis) => bytes.size(extents + 8 * axis))
}
