import { valueCount } from '../../checkpoint.js'
import { deepest } from '../budget.js'
import { undoFilters } from './filters.js'
import { damagedHdf5, type Hdf5Bytes } from './hdf5-bytes.js'

/** A dataset in equal blocks, each of which may be compressed. */
interface Chunked {
  readonly shape: readonly number[]
  /** The extents of each chunk. The last chunk along any axis may reach beyond the dataset. */
  readonly chunk: readonly number[]
  readonly elementSize: number
  readonly filters: readonly number[]
}

/** Copies the part of a chunk that is inside the dataset. Both are in row-major order. */
function place(out: Uint8Array, content: Uint8Array, { shape, chunk, elementSize }: Chunked, from: readonly number[]): void {
  const rank = shape.length
  const inside = shape.map((extent, axis) => Math.min(chunk[axis]!, extent - from[axis]!))
  const rowLength = inside.at(-1)! * elementSize
  const rows = valueCount(inside.slice(0, -1))
  for (let row = 0; row < rows; row++) {
    let rest = row
    let [source, target] = [0, from[rank - 1]!]
    let [sourceStep, targetStep] = [chunk[rank - 1]!, shape[rank - 1]!]
    for (let axis = rank - 2; axis >= 0; axis--) {
      const index = rest % inside[axis]!
      rest = Math.floor(rest / inside[axis]!)
      source += index * sourceStep
      target += (from[axis]! + index) * targetStep
      sourceStep *= chunk[axis]!
      targetStep *= shape[axis]!
    }
    const start = source * elementSize
    out.set(content.subarray(start, start + rowLength), target * elementSize)
  }
}

/**
 * Reads the bytes of a chunked dataset in row-major order. Elements that no chunk contains are zero.
 * @param tree the offset of its B-tree of chunks; null if it has none
 * @param out as long as the dataset
 * @throws CheckpointError if a chunk is damaged, or there are more chunks than the dataset needs
 */
export function readChunks(bytes: Hdf5Bytes, tree: number | null, chunked: Chunked, out: Uint8Array): void {
  const { shape, chunk, elementSize, filters } = chunked
  const rank = shape.length
  const chunkBytes = valueCount(chunk) * elementSize
  const keyLength = 8 + 8 * (rank + 1)

  const readChunk = (key: number): void => {
    const [length, skipped, address] = [bytes.uint32(key), bytes.uint32(key + 4), bytes.address(key + keyLength)]
    const from = shape.map((_, axis) => bytes.size(key + 8 + 8 * axis))
    if (address === null || from.some((start, axis) => start >= shape[axis]! || start % chunk[axis]! !== 0)) {
      damagedHdf5('a chunk lies outside of its dataset', `[${from.join(', ')}] of [${shape.join(', ')}]`)
    }
    if (filters.length === 0) bytes.budget.take(chunkBytes, 'a chunk')
    place(out, undoFilters(bytes, bytes.slice(address, length), filters, skipped, chunkBytes, elementSize), chunked, from)
  }
  const readNode = (node: number, expectedLevel: number | null): void => {
    bytes.signature(node, 'TREE')
    const [type, level, count] = [bytes.uint8(node + 4), bytes.uint8(node + 5), bytes.uint16(node + 6)]
    const wrong = expectedLevel === null ? level > deepest : level !== expectedLevel
    if (type !== 1 || wrong) damagedHdf5('a dataset has another tree', `type ${type}, level ${level} at offset ${node}`)
    bytes.budget.items(1 + count, 'trees')
    for (let index = 0, key = node + 24; index < count; index++, key += keyLength + 8) {
      if (level === 0) readChunk(key)
      else readNode(bytes.address(key + keyLength) ?? damagedHdf5('a tree has no child', `offset ${key}`), level - 1)
    }
  }
  if (tree !== null) readNode(tree, null)
}
