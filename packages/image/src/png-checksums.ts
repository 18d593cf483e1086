import { MobileNetV2Error } from '@mobilenetv2/spec'

interface Chunk {
  readonly kind: string
  readonly begin: number
  readonly length: number
}

/** The chunks of a PNG, as far as they are whole. */
function* chunks(bytes: Uint8Array, view: DataView): Generator<Chunk, void, void> {
  for (let begin = 8; begin + 12 <= bytes.length; ) {
    const length = view.getUint32(begin)
    if (begin + 12 + length > bytes.length) return
    yield { kind: String.fromCharCode(...bytes.subarray(begin + 4, begin + 8)), begin, length }
    begin += 12 + length
  }
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? 0xed_b8_83_20 ^ (rest >>> 1) : rest >>> 1
  return rest
})

/** The checksum of a PNG's chunk (PNG 1.2, 15). */
function crc32(bytes: Uint8Array): number {
  let rest = 0xff_ff_ff_ff
  for (const byte of bytes) rest = table[(rest ^ byte) & 0xff]! ^ (rest >>> 8)
  return (rest ^ 0xff_ff_ff_ff) >>> 0
}

/** Whether bytes are a whole zlib stream: it has a checksum of its own. */
async function inflates(stream: Blob): Promise<boolean> {
  try {
    const reader = stream.stream().pipeThrough(new DecompressionStream('deflate')).getReader()
    while (!(await reader.read()).done);
    return true
  } catch {
    return false
  }
}

/**
 * The same PNG with the right checksums of its chunks of pixels, as Pillow reads it. Pixels that are damaged are not made right: they
 * have a second checksum, which must be right.
 * @param refusal what a decoder said of the file; it is thrown if all checksums are right
 * @throws MobileNetV2Error `IMAGE` that names the first chunk with a wrong checksum, if that is not one of pixels or its pixels are damaged
 */
export async function withRightChecksums(bytes: Uint8Array, where: string, refusal: unknown): Promise<Uint8Array> {
  const right = bytes.slice()
  const view = new DataView(right.buffer)
  const pixels: Uint8Array<ArrayBuffer>[] = []
  const wrong: Chunk[] = []
  for (const chunk of chunks(right, view)) {
    const { kind, begin, length } = chunk
    const checksum = crc32(right.subarray(begin + 4, begin + 8 + length))
    if (kind === 'IDAT') pixels.push(right.subarray(begin + 8, begin + 8 + length))
    if (checksum === view.getUint32(begin + 8 + length)) continue
    wrong.push(chunk)
    view.setUint32(begin + 8 + length, checksum)
  }
  if (wrong.length === 0) throw refusal
  const damaged = wrong.find(({ kind }) => kind !== 'IDAT')
  if (damaged === undefined && (await inflates(new Blob(pixels)))) return right
  const { kind, begin } = damaged ?? wrong[0]!
  throw new MobileNetV2Error('IMAGE', 'A PNG is damaged: a checksum in it is wrong.', {
    where,
    expected: 'the checksum of what the chunk holds',
    got: `another one, of the chunk ${kind} at byte ${begin}`,
    remedy: 'Get the file again.',
    cause: refusal,
  })
}
