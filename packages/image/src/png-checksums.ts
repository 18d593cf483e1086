import { MobileNetV2Error } from '@mobilenetv2/spec'
import { chunks, IDAT, type PngChunk, pngSize } from './png.js'

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? 0xed_b8_83_20 ^ (rest >>> 1) : rest >>> 1
  return rest
})

/** The CRC of a part of a PNG (PNG 1.2, section 15). */
function crc32(bytes: Uint8Array, begin: number, end: number): number {
  let rest = 0xff_ff_ff_ff
  for (let at = begin; at < end; at++) rest = table[(rest ^ bytes[at]!) & 0xff]! ^ (rest >>> 8)
  return (rest ^ 0xff_ff_ff_ff) >>> 0
}

/** Whether bytes are a complete zlib stream, whose own checksum is right and which unpacks to at most `most` bytes. */
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
 * A copy of a PNG in which the wrong checksums of chunks with pixels are corrected, because Pillow reads such files. The pixels are not
 * damaged then: their zlib stream has a checksum of its own, which is checked here.
 * @param bytes a PNG whose header is complete
 * @param refusal what a decoder threw for the file. It is thrown again if all checksums are right.
 * @throws MobileNetV2Error `IMAGE`, with the name of the first chunk that has a wrong checksum, if the chunk has no pixels or the pixels
 * are damaged
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
  // A pixel has at most 8 bytes. A row begins with one more byte. An interlaced row is in pieces, whose first bytes are at most 8 in all.
  const most = size === undefined ? 0 : 8 * (size.width + 1) * size.height
  if (damaged === undefined && (await inflates(pixels.subarray(0, end), most))) return right
  const { begin } = damaged ?? wrong
  throw new MobileNetV2Error('IMAGE', 'A PNG is damaged: a checksum in it is wrong.', {
    where,
    expected: "the checksum of the chunk's content",
    got: `a different one in the chunk ${String.fromCharCode(...bytes.subarray(begin + 4, begin + 8))} at byte ${begin}`,
    remedy: 'Download or copy the file again.',
    cause: refusal,
  })
}
