import type { Size } from '@mobilenetv2/spec'

/** What the segments of a JPEG state, up to the end of its picture. */
export interface JpegHeader {
  /** The size before the picture is turned; undefined if there is no frame header. */
  readonly size: Size | undefined
  /** How many colours or inks the frame header states: 1, 3 or 4. */
  readonly components: number | undefined
  readonly scans: number
  /** Number of segments, with the scans. Reading stops after `mostSegments` + 1. */
  readonly segments: number
  /**
   * The file without its colour profile (segments APP2 that begin with `ICC_`), as the parts before, between and after. The parts are views
   * of the file, not copies. Undefined if there is no scan.
   */
  readonly parts: readonly Uint8Array[] | undefined
}

/** Most scans of a JPEG. Encoders write about ten. A scan of a few bytes takes a decoder as long as the whole picture. */
export const mostScans = 32

/** Most segments of a JPEG. Encoders write less than a thousand: a segment has up to 64 KiB. */
export const mostSegments = 10_000

/** Whether 0xff and this byte begin no segment, but are coded data, fill bytes, or a marker without a segment (ITU-T T.81, B.1.1). */
const standsAlone = (byte: number): boolean => byte <= 0x01 || byte === 0xff || (byte >= 0xd0 && byte <= 0xd8)

/** Whether a marker begins a frame header: SOF0 to SOF15, without DHT, JPG and DAC, which are between them (ITU-T T.81, B.2.2). */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

/** After so many bytes other than 0xff, the engine's own search finds the next 0xff. Calling it for each 0xff can take minutes. */
const patience = 16

/**
 * The offset of the next marker of a segment, from an offset on; the end of the file if there is none. Coded data and stray bytes are
 * skipped, as decoders do.
 */
function nextMarker(bytes: Uint8Array, from: number): number {
  let at = from
  for (let others = 0; at + 9 <= bytes.length; at++) {
    if (bytes[at] === 0xff) {
      if (!standsAlone(bytes[at + 1]!)) break
    } else if (++others % patience === 0) {
      at = bytes.indexOf(0xff, at) - 1
      if (at < 0) return bytes.length
    }
  }
  return at
}

/** Reads the segments of a JPEG in one pass. */
export function readJpeg(bytes: Uint8Array): JpegHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let size: Size | undefined
  let components: number | undefined
  let scans = 0
  let segments = 0
  const parts: Uint8Array[] = []
  let kept = 0
  for (let at = nextMarker(bytes, 2); at + 9 <= bytes.length && segments <= mostSegments; ) {
    const marker = bytes[at + 1]!
    if (marker === 0xd9) break
    segments++
    const end = at + 2 + view.getUint16(at + 2)
    if (marker === 0xda) scans++
    if (size === undefined && isFrame(marker)) {
      size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
      components = bytes[at + 9]
    }
    if (scans === 0 && marker === 0xe2 && view.getUint32(at + 4) === 0x49_43_43_5f) {
      parts.push(bytes.subarray(kept, at))
      kept = end
    }
    at = nextMarker(bytes, end)
  }
  return { size, components, scans, segments, parts: scans === 0 ? undefined : [...parts, bytes.subarray(kept)] }
}
