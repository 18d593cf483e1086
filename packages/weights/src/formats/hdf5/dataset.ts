import { valueCount } from '../../checkpoint.js'
import { readChunks } from './chunks.js'
import { readDataspace } from './dataspace.js'
import { type Datatype, readDatatype } from './datatype.js'
import { readFilters } from './filters.js'
import { damagedHdf5, type Hdf5Bytes, unknownHdf5 } from './hdf5-bytes.js'
import { type HeaderMessage, messageTypes } from './object-header.js'

/** An array in an HDF5 file, not yet read. */
export interface Hdf5Dataset {
  readonly shape: readonly number[]
  readonly datatype: Datatype
  /**
   * The bytes in row-major order; a view of the file if they are in one piece.
   * @throws CheckpointError if they are not in the file, or were filtered in a way that is not read
   */
  read(): Uint8Array
}

/** Classes of a layout message (section IV.A.2.i of the HDF5 file format specification). */
const compact = 0
const contiguous = 1
const chunked = 2

function find(bytes: Hdf5Bytes, messages: readonly HeaderMessage[], type: number): number | null {
  const message = messages.find((candidate) => candidate.type === type)
  if (message?.shared) unknownHdf5('a shared message', `type ${type}`)
  bytes.budget.items(messages.length, 'headers')
  return message?.at ?? null
}

/** The dataset that an object's header describes; null if the object is not a dataset. */
export function datasetOf(bytes: Hdf5Bytes, messages: readonly HeaderMessage[]): Hdf5Dataset | null {
  const layout = find(bytes, messages, messageTypes.layout)
  const [space, type] = [find(bytes, messages, messageTypes.dataspace), find(bytes, messages, messageTypes.datatype)]
  if (layout === null || space === null || type === null) return null
  const shape = readDataspace(bytes, space)
  const datatype = readDatatype(bytes, type)
  const length = valueCount(shape) * datatype.size

  const read = (): Uint8Array => {
    const [version, kind] = [bytes.uint8(layout), bytes.uint8(layout + 1)]
    if (version !== 3 && (version !== 4 || kind === chunked)) {
      unknownHdf5('a data layout of another version', `version ${version}, class ${kind}`)
    }
    switch (kind) {
      case compact: {
        if (bytes.uint16(layout + 2) !== length) damagedHdf5('a dataset does not have the bytes of its extents', `${length} bytes`)
        return bytes.slice(layout + 4, length)
      }
      case contiguous: {
        const [at, stored] = [bytes.address(layout + 2), bytes.size(layout + 10)]
        if (length === 0) return new Uint8Array()
        if (at === null || stored !== length) {
          damagedHdf5('a dataset does not have the bytes of its extents', `${at === null ? 0 : stored} of ${length} bytes`)
        }
        return bytes.slice(at, length)
      }
      case chunked: {
        const rank = bytes.uint8(layout + 2) - 1
        const extents = layout + 11
        const chunk = shape.map((_, axis) => bytes.uint32(extents + 4 * axis))
        const elementSize = bytes.uint32(extents + 4 * shape.length)
        if (rank !== shape.length || rank < 1 || elementSize !== datatype.size || chunk.some((extent) => extent < 1)) {
          damagedHdf5('a dataset has chunks of another shape', `[${chunk.join(', ')}] of ${elementSize} bytes`)
        }
        const pipeline = find(bytes, messages, messageTypes.filters)
        const filters = pipeline === null ? [] : readFilters(bytes, pipeline)
        bytes.budget.take(length, 'a dataset')
        const out = new Uint8Array(length)
        readChunks(bytes, bytes.address(layout + 3), { shape, chunk, elementSize, filters }, out)
        return out
      }
      default:
        return unknownHdf5('another data layout', `class ${kind}`)
    }
  }
  return { shape, datatype, read }
}
