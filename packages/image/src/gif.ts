import type { Size } from '@mobilenetv2/spec'

/** Bytes of a colour table, from the packed field of its descriptor. */
const tableBytes = (packed: number): number => (packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0)

/**
 * The size of a GIF's first frame: that of the logical screen, or of the frame where it is larger, as decoders do. Undefined if the file
 * ends before its first frame.
 */
export function gifSize(bytes: Uint8Array): Size | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 13) return undefined
  let at = 13 + tableBytes(bytes[10]!)
  while (bytes[at] === 0x21) {
    at += 2
    while (bytes[at]! > 0) at += 1 + bytes[at]!
    at += 1
  }
  if (bytes[at] !== 0x2c || at + 9 > bytes.length) return undefined
  const side = (screen: number, offset: number): number =>
    Math.max(view.getUint16(screen, true), view.getUint16(at + offset, true) + view.getUint16(at + offset + 4, true))
  return { width: side(6, 1), height: side(8, 3) }
}
