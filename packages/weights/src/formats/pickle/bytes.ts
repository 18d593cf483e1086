import { CheckpointError } from '../../checkpoint-error.js'

/** Throws the error for a damaged pickle. */
export function damagedPickle(what: string, got: string): never {
  throw new CheckpointError(`The pickle is damaged: ${what}.`, { got })
}

/** Most bytes of an integer. A 64-bit hash has 9, and the seed of a generator some more. */
const longestInteger = 1024

/** The bytes of a pickle, read in order: little-endian numbers and text. */
export interface PickleBytes {
  readonly position: number
  uint8(): number
  uint16(): number
  uint32(): number
  int32(): number
  /** A length of 64 bits. One that a number cannot represent is longer than any file. */
  uint64(): number
  /** Pickle's one big-endian number. */
  float64(): number
  /** A view of `length` bytes. */
  bytes(length: number): Uint8Array
  /** UTF-8 of `length` bytes. */
  text(length: number): string
  /** UTF-8 up to a line feed. */
  line(): string
  /** The bytes up to a line feed. */
  lineBytes(): Uint8Array
  /** A signed integer of `length` bytes. */
  integer(length: number): number | bigint
}

/**
 * Reads the bytes of a pickle from `start` on.
 * @throws CheckpointError if they end early; so does every method
 */
export function readPickleBytes(bytes: Uint8Array, start: number): PickleBytes {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const decoder = new TextDecoder()
  let position = start
  const take = (length: number): number => {
    if (!(position + length <= bytes.length))
      damagedPickle('it ends early', `${length} bytes at offset ${position} of ${bytes.length}`)
    position += length
    return position - length
  }
  const content = (length: number): Uint8Array => {
    const from = take(length)
    return bytes.subarray(from, from + length)
  }
  const lineBytes = (): Uint8Array => {
    const end = bytes.indexOf(0x0a, position)
    if (end < 0) damagedPickle('a line has no end', `offset ${position}`)
    const line = content(end - position)
    take(1)
    return line
  }
  return {
    get position() {
      return position
    },
    uint8: () => view.getUint8(take(1)),
    uint16: () => view.getUint16(take(2), true),
    uint32: () => view.getUint32(take(4), true),
    int32: () => view.getInt32(take(4), true),
    uint64: () => Number(view.getBigUint64(take(8), true)),
    float64: () => view.getFloat64(take(8)),
    bytes: content,
    text: (length) => decoder.decode(content(length)),
    line: () => decoder.decode(lineBytes()),
    lineBytes,
    integer(length) {
      if (length > longestInteger) damagedPickle('an integer is too long', `${length} bytes`)
      if (length === 0) return 0
      const digits = Array.from(content(length), (byte) => byte.toString(16).padStart(2, '0'))
      const value = BigInt.asIntN(8 * length, BigInt(`0x${digits.reverse().join('')}`))
      const small = Number(value)
      return Number.isSafeInteger(small) ? small : value
    },
  }
}
