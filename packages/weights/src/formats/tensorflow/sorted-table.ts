import { CheckpointError } from '../../checkpoint-error.js'
import type { Budget } from '../budget.js'

/** The last bytes of a sorted table of LevelDB, little-endian. */
const magic = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb]

/** Bytes of the footer: two handles of at most 20 bytes each, and the last bytes. */
const footerLength = 48

/** Bytes after each block: the kind of its compression, and a checksum. */
const trailerLength = 5

function damaged(got: string): never {
  throw new CheckpointError('The index of the checkpoint is damaged.', { got })
}

/** Whether a file is a sorted table, by its last bytes. */
function isSortedTable(bytes: Uint8Array): boolean {
  return bytes.length >= footerLength && magic.every((byte, index) => bytes[bytes.length - magic.length + index] === byte)
}

interface Cursor {
  varint(): number
  take(length: number): Uint8Array
  readonly isAtEnd: boolean
}

function cursorOf(bytes: Uint8Array): Cursor {
  let at = 0
  return {
    get isAtEnd() {
      return at >= bytes.length
    },
    varint() {
      let [value, scale] = [0, 1]
      for (let read = 0; read < 8; read++) {
        const byte = bytes[at] ?? damaged('a number that is cut off')
        at += 1
        value += (byte & 0x7f) * scale
        if (byte < 0x80) return value
        scale *= 128
      }
      return damaged('a number that has no end')
    },
    take(length) {
      if (!(length <= bytes.length - at)) damaged(`${length} bytes at ${at} of ${bytes.length}`)
      at += length
      return bytes.subarray(at - length, at)
    },
  }
}

/** The block at a handle, which is an offset and a length. */
function blockAt(bytes: Uint8Array, handle: Cursor): Uint8Array {
  const [offset, length] = [handle.varint(), handle.varint()]
  if (!(offset + length + trailerLength <= bytes.length - footerLength))
    damaged(`a block of ${length} bytes at ${offset} of ${bytes.length}`)
  const compression = bytes[offset + length]
  if (compression !== 0) {
    throw new CheckpointError('The index of the checkpoint is compressed.', {
      expected: 'an index as TensorFlow 1.2 and later write it',
      got: compression === 1 ? 'Snappy' : `compression ${compression}`,
      remedy: 'Save it again with TensorFlow: tf.train.Checkpoint.restore, then save.',
    })
  }
  return bytes.subarray(offset, offset + length)
}

/** The entries of a block. A block stores only the part of a key that differs from the key before it. */
function* entriesOf(block: Uint8Array, budget: Budget): Generator<[key: Uint8Array, value: Uint8Array]> {
  const { buffer, byteOffset, byteLength } = block
  const restarts =
    byteLength >= 4 ? new DataView(buffer, byteOffset, byteLength).getUint32(byteLength - 4, true) : damaged('an empty block')
  const end = byteLength - 4 - 4 * restarts
  if (!(end >= 0)) damaged(`${restarts} restarts in a block of ${byteLength} bytes`)
  const cursor = cursorOf(block.subarray(0, end))
  let key = new Uint8Array()
  while (!cursor.isAtEnd) {
    const [shared, own, valueLength] = [cursor.varint(), cursor.varint(), cursor.varint()]
    const rest = cursor.take(own)
    if (!(shared <= key.length)) damaged(`a key that shares ${shared} bytes with one of ${key.length}`)
    budget.take(shared + own, 'keys of the index')
    const next = new Uint8Array(shared + own)
    next.set(key.subarray(0, shared))
    next.set(rest, shared)
    key = next
    yield [key, cursor.take(valueLength)]
  }
}

/**
 * The entries of a sorted table of LevelDB, in the order of their keys. Values are views of the file.
 * @throws CheckpointError if it is damaged or compressed
 */
export function readSortedTable(bytes: Uint8Array, budget: Budget): ReadonlyMap<string, Uint8Array> {
  if (!isSortedTable(bytes)) damaged('a file that ends in another way')
  const footer = cursorOf(bytes.subarray(bytes.length - footerLength))
  // The first handle leads to the block of statistics.
  footer.varint()
  footer.varint()
  const decoder = new TextDecoder()
  const entries = new Map<string, Uint8Array>()
  for (const [, handle] of entriesOf(blockAt(bytes, footer), budget)) {
    for (const [key, value] of entriesOf(blockAt(bytes, cursorOf(handle)), budget)) {
      const name = budget.name(decoder.decode(key))
      budget.parts(1, 'the entries of the index')
      if (entries.has(name)) damaged(`two entries ${name}`)
      entries.set(name, value)
    }
  }
  return entries
}
