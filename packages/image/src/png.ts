import type { Size } from '@mobilenetv2/spec'

/** A chunk of a PNG. */
export interface PngChunk {
  /** Its four letters as a number. */
  readonly kind: number
  readonly begin: number
  /** Length of its content, which begins 8 bytes after `begin`. A checksum of 4 bytes follows it. */
  readonly length: number
}

/** The kind of the chunks that hold pixels. */
export const IDAT = 0x49_44_41_54
const acTL = 0x61_63_54_4c

/** The chunks of a PNG, up to the first one that is incomplete. */
export function* chunks(bytes: Uint8Array): Generator<PngChunk, void, void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let begin = 8; begin + 12 <= bytes.length; ) {
    const length = view.getUint32(begin)
    if (begin + 12 + length > bytes.length) return
    yield { kind: view.getUint32(begin + 4), begin, length }
    begin += 12 + length
  }
}

/** The size that a PNG states; undefined if its header is incomplete. */
export function pngSize(bytes: Uint8Array): Size | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return bytes.length < 24 ? undefined : { width: view.getUint32(16), height: view.getUint32(20) }
}

/** Whether a PNG is animated: it then has a chunk acTL before its pixels. */
export function isAnimatedPng(bytes: Uint8Array): boolean {
  for (const { kind } of chunks(bytes)) if (kind === acTL || kind === IDAT) return kind === acTL
  return false
}
