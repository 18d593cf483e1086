import type { Size } from '@mobilenetv2/spec'
import { isJpeg, jpegSize } from './jpeg.js'

const ascii = (bytes: Uint8Array, at: number, text: string): boolean =>
  bytes.length >= at + text.length && Array.from(text).every((letter, i) => bytes[at + i] === letter.charCodeAt(0))

/** The size in a WebP's first chunk: extended, lossless or lossy. */
function webpSize(bytes: Uint8Array, view: DataView): Size | undefined {
  if (bytes.length < 30) return undefined
  const uint24 = (at: number): number => view.getUint16(at, true) + 65_536 * bytes[at + 2]!
  if (ascii(bytes, 12, 'VP8X')) return { width: uint24(24) + 1, height: uint24(27) + 1 }
  if (ascii(bytes, 12, 'VP8L')) {
    const bits = view.getUint32(21, true)
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  if (ascii(bytes, 12, 'VP8 ')) return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
  return undefined
}

/**
 * The size that the header of a JPEG, PNG, WebP or GIF states, orientation not applied; undefined for any other file. With it a
 * picture that is too large is refused before it is decoded: a browser gives the size only afterwards, and sharp takes another call.
 */
export function headerSize(bytes: Uint8Array): Size | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length >= 24 && ascii(bytes, 1, 'PNG\r\n')) return { width: view.getUint32(16), height: view.getUint32(20) }
  if (bytes.length >= 10 && ascii(bytes, 0, 'GIF8')) return { width: view.getUint16(6, true), height: view.getUint16(8, true) }
  if (isJpeg(bytes)) return jpegSize(bytes)
  if (ascii(bytes, 0, 'RIFF') && ascii(bytes, 8, 'WEBP')) return webpSize(bytes, view)
  return undefined
}
