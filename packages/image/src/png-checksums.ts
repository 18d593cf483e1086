import { MobileNetV2Error } from '@mobilenetv2/spec'
import { chunks, IDAT, type PngChunk, pngSize } from './png.js'

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? 0xed_b8_83_20 ^ (rest >>> 1) : rest >>> 1
  return rest
})

/** The checksum of a part of a PNG (PNG 1.2, 15). */
function crc32(bytes: Uint8Array, begin: number, end: number): number {
  let rest = 0xff_ff_ff_ff
  for (let at = begin; at < end; at++) rest = table[(rest ^ bytes[at]!) & 0xff]! ^ (rest >>> 8)
  return (rest ^ 0xff_ff_ff_ff) >>> 0
}

/** Whether bytes are a whole zlib stream (it has a checksum of its own) that unpacks to at most `most` bytes. */
async function inflates(stream: Uint8Array<ArrayBuffer>, most: number): Promise<boolean> {
  const reader = new Blob([stream]).stream().pipeThrough(new DecompressionStream('deflate')).getReader()
  try {
    for (let unpacked = 0; unpacked <= most; ) {
      const { done, value } = await reader.read()
      if (done) return true
      unpacked += value.length
    }
    await reader.cancel()
  } catch {}
  return false
}

/**
 * The same PNG with the right checksums of its chunks of pixels, as Pillow reads it. Pixels that are damaged are not made right: they
 * have a second checksum, which must be right.
 * @param bytes a PNG whose header is whole
 * @param refusal what a decoder said of the file; it is thrown if all checksums are right
 * @throws MobileNetV2Error `IMAGE` that names the first chunk with a wrong checksum, if that is not one of pixels or its pixels are damaged
 */
export async function withRightChecksums(bytes: Uint8Array, where: string, refusal: unknown): Promise<Uint8Array> {
  const right = bytes.slice()
  const view = new DataView(right.buffer)
  const pixels = new Uint8Array(bytes.length)
  let end = 0
  let wrong: PngChunk | undefined
  let damaged: PngChunk | undefined
  for (const chunk of chunks(right)) {
    const { kind, begin, length } = chunk
    if (kind === IDAT) {
      pixels.set(right.subarray(begin + 8, begin + 8 + length), end)
      end += length
    }
    const checksum = crc32(right, begin + 4, begin + 8 + length)
    if (checksum === view.getUint32(begin + 8 + length)) continue
    wrong ??= chunk
    if (kind !== IDAT) damaged ??= chunk
    view.setUint32(begin + 8 + length, checksum)
  }
  if (wrong === undefined) throw refusal
  const size = pngSize(bytes)
  // A pixel has at most 8 bytes. A row begins with one more, and interlaced rows are cut into pieces, at most 8 to a row.
  const most = size === undefined ? 0 : 8 * (size.width + 1) * size.height
  if (damaged === undefined && (await inflates(pixels.subarray(0, end), most))) return right
  const { begin } = damaged ?? wrong
  throw new MobileNetV2Error('IMAGE', 'A PNG is damaged: a checksum in it is wrong.', {
    where,
    expected: 'the checksum of what the chunk holds',
    got: `another one, of the chunk ${String.fromCharCode(...bytes.subarray(begin + 4, begin + 8))} at byte ${begin}`,
    remedy: 'Get the file again.',
    cause: refusal,
  })
}
