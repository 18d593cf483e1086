import type { Inflate, Unzlib } from 'fflate'
import { CheckpointError } from '../checkpoint-error.js'

/** Compressed bytes given to the inflater at once; at 1032 to 1, the most that deflate reaches, about 4 MB come out. */
const inflateStep = 4096

/**
 * Inflates to exactly `size` bytes, in steps, so that what inflates to more ends early.
 * @param refuse throws the format's error for a stream that inflates to more or less than `size`
 * @param damaged the message if the bytes are no deflated stream
 * @throws CheckpointError if it inflates to more or less, or not at all
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
