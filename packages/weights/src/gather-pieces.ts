import type { Bytes, UnsharedBytes } from '@mobilenetv2/spec'

/** A claimed length is believed up to here before any of it has come: 64 MiB. */
const largestTrusted = 2 ** 26

/** What comes beyond the expected length is kept in blocks, each as long as all before it, within these lengths in bytes. */
const [shortestBlock, longestBlock] = [2 ** 16, 2 ** 20]

/** Pieces that come one after the other, and are one array at the end. However short they are, they take little more than their bytes. */
export interface Pieces {
  /** Copies the piece. */
  add(piece: Bytes): void
  /** All bytes. It is called once, at the end. */
  finish(): UnsharedBytes
}

/**
 * Starts to gather pieces.
 * @param expected the bytes that are expected in all, 0 if nobody knows. They are allocated at once, up to 64 MiB.
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
