import { CheckpointError } from '../checkpoint-error.js'
import type { Budget } from './budget.js'

/** A table of a flatbuffer. Fields are read by their number in the schema. Every offset and length is checked before it is used. */
export interface FlatbufferTable {
  /** A scalar field; `otherwise` if the file leaves it out. */
  uint8(field: number, otherwise: number): number
  int8(field: number, otherwise: number): number
  int32(field: number, otherwise: number): number
  uint32(field: number, otherwise: number): number
  uint64(field: number): bigint
  float32(field: number, otherwise: number): number
  /** Null if the file leaves it out. */
  text(field: number): string | null
  table(field: number): FlatbufferTable | null
  /** A vector of tables; empty if the file leaves it out. */
  tables(field: number): FlatbufferTable[]
  int32s(field: number): number[]
  float32s(field: number): number[]
  int64s(field: number): number[]
  /** A view of the file. */
  bytes(field: number): Uint8Array
}

/** Bytes that a JavaScript engine needs for a table of this reader, rounded up. */
const bytesPerTable = 2048

function damaged(got: string): never {
  throw new CheckpointError('The flatbuffer is damaged: an offset or a length reaches beyond the file.', { got })
}

/**
 * The root table of a flatbuffer. The library `flatbuffers` checks nothing, and reads zeros at a damaged offset. This reader refuses the
 * file then.
 * @throws CheckpointError if an offset or length is not inside the file, or the file needs more than `budget` allows; so do the methods of
 * the table
 */
export function readFlatbuffer(bytes: Uint8Array, budget: Budget): FlatbufferTable {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

  /** Checks that `length` bytes at `at` are in the file, and gives back `at`. */
  const inside = (at: number, length: number): number => {
    if (!(at >= 0 && at + length <= bytes.length)) damaged(`${length} bytes at offset ${at} of ${bytes.length}`)
    return at
  }
  const follow = (at: number): number => at + view.getUint32(inside(at, 4), true)

  const tableAt = (at: number): FlatbufferTable => {
    budget.take(bytesPerTable, 'tables')
    const vtable = at - view.getInt32(inside(at, 4), true)
    const vtableLength = view.getUint16(inside(vtable, 4), true)
    inside(vtable, vtableLength)
    /** The offset of a field; 0 if the file leaves it out. */
    const find = (field: number, length: number): number => {
      const slot = 4 + 2 * field
      if (slot + 2 > vtableLength) return 0
      const offset = view.getUint16(vtable + slot, true)
      return offset === 0 ? 0 : inside(at + offset, length)
    }
    /** Start and length of a vector of elements of `size` bytes. */
    const vector = (field: number, size: number): { start: number; length: number } => {
      const place = find(field, 4)
      if (place === 0) return { start: 0, length: 0 }
      const from = follow(place)
      const length = view.getUint32(inside(from, 4), true)
      return { start: inside(from + 4, length * size), length }
    }
    const list = <Element>(field: number, size: number, element: (at: number) => Element): Element[] => {
      const { start, length } = vector(field, size)
      budget.items(length, 'vectors')
      return Array.from({ length }, (_, index) => element(start + index * size))
    }
    const blob = (field: number): Uint8Array => {
      const { start, length } = vector(field, 1)
      return bytes.subarray(start, start + length)
    }
    return {
      uint8(field, otherwise) {
        const place = find(field, 1)
        return place === 0 ? otherwise : view.getUint8(place)
      },
      int8(field, otherwise) {
        const place = find(field, 1)
        return place === 0 ? otherwise : view.getInt8(place)
      },
      int32(field, otherwise) {
        const place = find(field, 4)
        return place === 0 ? otherwise : view.getInt32(place, true)
      },
      uint32(field, otherwise) {
        const place = find(field, 4)
        return place === 0 ? otherwise : view.getUint32(place, true)
      },
      uint64(field) {
        const place = find(field, 8)
        return place === 0 ? 0n : view.getBigUint64(place, true)
      },
      float32(field, otherwise) {
        const place = find(field, 4)
        return place === 0 ? otherwise : view.getFloat32(place, true)
      },
      text(field) {
        if (find(field, 4) === 0) return null
        const text = blob(field)
        budget.take(2 * text.length, 'texts')
        return new TextDecoder().decode(text)
      },
      table(field) {
        const place = find(field, 4)
        return place === 0 ? null : tableAt(follow(place))
      },
      tables: (field) => list(field, 4, (place) => tableAt(follow(place))),
      int32s: (field) => list(field, 4, (place) => view.getInt32(place, true)),
      float32s: (field) => list(field, 4, (place) => view.getFloat32(place, true)),
      int64s: (field) => list(field, 8, (place) => Number(view.getBigInt64(place, true))),
      bytes: blob,
    }
  }
  return tableAt(follow(0))
}
