import type { Bytes, UnsharedBytes } from '@mobilenetv2/spec'

/** Most bytes that are allocated for a claimed length before any have arrived: 64 MiB. */
const largestTrusted = 2 ** 26

/** Bytes beyond the expected length are kept in blocks. Each is as long as all bytes before it, within these limits. */
const [shortestBlock, longestBlock] = [2 ** 16, 2 ** 20]

/** Joins chunks into one array. However short the chunks are, they need little more memory than their bytes. */
export interface Pieces {
  /** Copies a chunk. */
  add(piece: Bytes): void
  /** All bytes. To be called once, at the end. */
  finish(): UnsharedBytes
}

/**
 * Starts to gather chunks.
 * @param expected number of bytes that are expected, 0 if it is not known. They are allocated at once, up to 64 MiB.
 */
export function gatherPieces(expected: number): Pieces {
  const full: UnsharedBytes[] = []
  let block = new Uint8Array(Math.min(expected, largestTrusted))
  let used = 0
  let length = 0
  return {
    add(piece) {
      let rest = ArrayBuffer.isView(piece)
        ? new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength)
        : new Uint8Array(piece)
      while (rest.length > 0) {
        if (used === block.length) {
          full.push(block)
          block = new Uint8Array(Math.min(Math.max(length, shortestBlock), longestBlock))
          used = 0
        }
        const part = rest.subarray(0, block.length - used)
        block.set(part, used)
        used += part.length
        length += part.length
        rest = rest.subarray(part.length)
      }
    },
    finish() {
      if (length === block.length) return block
      full.push(block.subarray(0, used))
      const whole = new Uint8Array(length)
      let at = 0
      for (let part = full.shift(); part !== undefined; part = full.shift()) {
        whole.set(part, at)
        at += part.length
      }
      return whole
    },
  }
}
