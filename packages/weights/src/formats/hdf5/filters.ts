import { Unzlib } from 'fflate'
import { inflate } from '../inflate.js'
import { damagedHdf5, type Hdf5Bytes, unknownHdf5 } from './hdf5-bytes.js'

/** Filters by their number (section IV.A.2.l of the HDF5 file format specification). */
const deflate = 1
const shuffle = 2
const fletcher32 = 3

const checksumLength = 4
const mostFilters = 8

/** The numbers of the filters that a dataset's chunks went through, first to last, from the message at `at`. */
export function readFilters(bytes: Hdf5Bytes, at: number): number[] {
  const [version, count] = [bytes.uint8(at), bytes.uint8(at + 1)]
  if (version !== 1 && version !== 2) unknownHdf5('a filter pipeline of another version', String(version))
  if (count > mostFilters) damagedHdf5(`a dataset has over ${mostFilters} filters`, String(count))
  let next = at + (version === 1 ? 8 : 2)
  return Array.from({ length: count }, () => {
    const filter = bytes.uint16(next)
    const named = version === 1 || filter >= 256
    const nameLength = named ? bytes.uint16(next + 2) : 0
    const values = next + (named ? 6 : 4)
    const count = bytes.uint16(values)
    const padding = version === 1 ? 4 * (count % 2) : 0
    next = values + 2 + (version === 1 ? 8 * Math.ceil(nameLength / 8) : nameLength) + 4 * count + padding
    return filter
  })
}

function refuseSize(extent: string, got: string): never {
  return damagedHdf5(`a chunk inflates to ${extent} than its size`, got)
}

/** Undoes HDF5's shuffle, which stores all first bytes of the elements, then all second ones, and so on. */
function unshuffle(shuffled: Uint8Array, elementSize: number): Uint8Array {
  const count = Math.floor(shuffled.length / elementSize)
  const out = shuffled.slice()
  for (let byte = 0; byte < elementSize; byte++)
    for (let element = 0; element < count; element++) out[element * elementSize + byte] = shuffled[byte * count + element]!
  return out
}

/**
 * Undoes the filters of a chunk. Checksums are dropped, and not compared.
 * @param skipped a bit for each filter that was not applied to this chunk
 * @param size bytes of the chunk
 */
export function undoFilters(
  bytes: Hdf5Bytes,
  stored: Uint8Array,
  filters: readonly number[],
  skipped: number,
  size: number,
  elementSize: number,
): Uint8Array {
  let chunk = stored
  for (let index = filters.length - 1; index >= 0; index--) {
    if (skipped & (1 << index)) continue
    const filter = filters[index]!
    if (filter === fletcher32) {
      chunk = chunk.subarray(0, Math.max(0, chunk.length - checksumLength))
      continue
    }
    bytes.budget.take(size, 'a chunk')
    if (filter === deflate)
      chunk = inflate(Unzlib, chunk, size, refuseSize, 'The HDF5 file is damaged: a chunk cannot be inflated.')
    else if (filter === shuffle) chunk = unshuffle(chunk, elementSize)
    else unknownHdf5('a filter other than deflate, shuffle and fletcher32', `filter ${filter}`)
  }
  if (chunk.length !== size) damagedHdf5('a chunk does not have the bytes of its extents', `${chunk.length} of ${size} bytes`)
  return chunk
}
