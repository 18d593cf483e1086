import type { Size } from '@mobilenetv2/spec'

/** From the marker of a segment to the next one. */
interface Segment {
  readonly marker: number
  readonly begin: number
  readonly end: number
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Where the coded data of a scan that begins at an offset ends: at the next marker that is neither a zero byte nor a restart. */
function scanEnd(bytes: Uint8Array, begin: number): number {
  for (let at = bytes.indexOf(0xff, begin); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1]!
    if (next > 0 && next < 0xff && !(next >= 0xd0 && next <= 0xd7)) return at
  }
  return bytes.length
}

/**
 * The segments of a JPEG in their order (ITU-T T.81, B.1.1). Coded data lies between some of them. Stray bytes between them are left out,
 * as decoders do.
 */
function* segments(bytes: Uint8Array): Generator<Segment, void, void> {
  const view = viewOf(bytes)
  for (let begin = bytes.indexOf(0xff, 2); begin >= 0 && begin + 9 <= bytes.length; begin = bytes.indexOf(0xff, begin)) {
    const marker = bytes[begin + 1]!
    if (marker === 0 || marker === 0xff) {
      begin += 1
      continue
    }
    const isAlone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)
    const end = begin + (isAlone ? 2 : 2 + view.getUint16(begin + 2))
    yield { marker, begin, end }
    begin = marker === 0xda ? scanEnd(bytes, end) : end
  }
}

/** Whether bytes begin as a JPEG does. */
function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff
}

/** Where a JPEG's first frame header begins: SOF0 to SOF15, without DHT, JPG and DAC, whose markers lie between (ITU-T T.81, B.2.2). */
function frameHeader(bytes: Uint8Array): number | undefined {
  for (const { marker, begin } of segments(bytes)) {
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) return begin
  }
  return undefined
}

/** The size that a JPEG states. */
export function jpegSize(bytes: Uint8Array): Size | undefined {
  const begin = frameHeader(bytes)
  if (begin === undefined) return undefined
  const view = viewOf(bytes)
  return { height: view.getUint16(begin + 5), width: view.getUint16(begin + 7) }
}

/** How many scans a JPEG has. */
export function jpegScans(bytes: Uint8Array): number {
  let scans = 0
  for (const { marker } of segments(bytes)) {
    if (marker === 0xd9) break
    if (marker === 0xda) scans++
  }
  return scans
}

/** How many colours or inks a JPEG states: 1, 3 or 4. */
export function jpegComponents(bytes: Uint8Array): number | undefined {
  const begin = frameHeader(bytes)
  return begin === undefined ? undefined : bytes[begin + 9]
}

/**
 * The parts of a JPEG around its colour profile (segments APP2 that begin with `ICC_`), without a copy: joined, they are the same
 * picture without a profile. Null if the bytes are not a JPEG, or if its segments cannot be followed to the first scan.
 */
export function withoutProfile(bytes: Uint8Array): Uint8Array[] | null {
  if (!isJpeg(bytes)) return null
  const view = viewOf(bytes)
  const parts: Uint8Array[] = []
  let kept = 0
  for (const { marker, begin, end } of segments(bytes)) {
    if (marker === 0xda) return [...parts, bytes.subarray(kept)]
    if (marker !== 0xe2 || view.getUint32(begin + 4) !== 0x49_43_43_5f) continue
    parts.push(bytes.subarray(kept, begin))
    kept = end
  }
  return null
}
