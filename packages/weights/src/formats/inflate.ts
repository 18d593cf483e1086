import type { Inflate, Unzlib } from 'fflate'
import { CheckpointError } from '../checkpoint-error.js'

/** Compressed bytes that the inflater gets at once. About 4 MB come out at most, because deflate reaches 1032 to 1. */
const inflateStep = 4096

/**
 * Inflates to exactly `size` bytes. It does so in steps, so that it ends early if there is more.
 * @param refuse throws the format's error for a stream that inflates to more or less than `size`
 * @param damaged the message if the bytes are not a deflated stream
 * @throws CheckpointError if the stream inflates to more or less, or is damaged
 */
export function inflate(
  Inflater: typeof Inflate | typeof Unzlib,
  packed: Uint8Array,
  size: number,
  refuse: (extent: 'more' | 'less', got: string) => never,
  damaged: string,
): Uint8Array {
  const out = new Uint8Array(size)
  let length = 0
  const inflater = new Inflater((piece) => {
    if (length + piece.length > size) refuse('more', `over ${size} bytes`)
    out.set(piece, length)
    length += piece.length
  })
  try {
    for (let at = 0; at < packed.length; at += inflateStep) {
      inflater.push(packed.subarray(at, at + inflateStep), at + inflateStep >= packed.length)
    }
  } catch (cause) {
    if (cause instanceof CheckpointError) throw cause
    throw new CheckpointError(damaged, { cause })
  }
  if (length !== size) refuse('less', `${length} of ${size} bytes`)
  return out
}
