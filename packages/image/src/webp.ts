import type { Size } from '@mobilenetv2/spec'

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Kinds of chunks: four letters as a number. */
const kinds = { extended: 0x56_50_38_58, lossless: 0x56_50_38_4c, lossy: 0x56_50_38_20, exif: 0x45_58_49_46 }

/** The size in a WebP's first chunk, which is extended, lossless or lossy. */
export function webpSize(bytes: Uint8Array): Size | undefined {
  if (bytes.length < 30) return undefined
  const view = viewOf(bytes)
  const uint24 = (at: number): number => view.getUint16(at, true) + 65_536 * bytes[at + 2]!
  switch (view.getUint32(12)) {
    case kinds.extended:
      return { width: uint24(24) + 1, height: uint24(27) + 1 }
    case kinds.lossless: {
      const bits = view.getUint32(21, true)
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
    }
    case kinds.lossy:
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
    default:
      return undefined
  }
}

/** The offset of the value of the tag Orientation (274) in EXIF data, and its byte order; undefined if there is no such tag. */
function orientationTag(view: DataView, begin: number, end: number): { readonly at: number; readonly little: boolean } | undefined {
  if (begin + 8 > end) return undefined
  const order = view.getUint16(begin)
  if (order !== 0x4949 && order !== 0x4d4d) return undefined
  const little = order === 0x4949
  const directory = begin + view.getUint32(begin + 4, little)
  if (directory + 2 > end) return undefined
  const count = view.getUint16(directory, little)
  for (let entry = 0, at = directory + 2; entry < count && at + 12 <= end; entry++, at += 12) {
    if (view.getUint16(at, little) === 274) return { at: at + 8, little }
  }
  return undefined
}

/**
 * The EXIF orientation of a WebP (1 if it has none), and a copy of its bytes in which the orientation is 1. Chromium ignores the
 * orientation of a WebP, and other browsers do not.
 */
export function withoutOrientation(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly orientation: number } {
  const view = viewOf(bytes)
  // The flags of an extended WebP say whether it has EXIF.
  if (bytes.length < 30 || view.getUint32(12) !== kinds.extended || (bytes[20]! & 8) === 0) return { bytes, orientation: 1 }
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true)
    const end = Math.min(bytes.length, at + 8 + length)
    if (view.getUint32(at) === kinds.exif) {
      // Some writers put "Exif", which begins the segment in a JPEG, before the data.
      const begin = at + 14 <= end && view.getUint32(at + 8) === 0x45_78_69_66 ? at + 14 : at + 8
      const tag = orientationTag(view, begin, end)
      if (tag === undefined) break
      const upright = bytes.slice()
      new DataView(upright.buffer).setUint16(tag.at, 1, tag.little)
      return { bytes: upright, orientation: view.getUint16(tag.at, tag.little) }
    }
    at += 8 + length + (length % 2)
  }
  return { bytes, orientation: 1 }
}
