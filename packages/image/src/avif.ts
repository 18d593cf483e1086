import type { Size } from '@mobilenetv2/spec'

interface Box {
  readonly kind: string
  /** Offset of the first byte of its content; `end` is the offset after the last one. */
  readonly begin: number
  readonly end: number
}

/** The boxes in a part of a file of the ISO base media file format (ISO/IEC 14496-12, 4.2). It ends at the first box that is damaged. */
function* boxes(view: DataView, begin: number, end: number): Generator<Box, void, void> {
  let at = begin
  while (at + 8 <= end) {
    const stated = view.getUint32(at)
    const isLong = stated === 1 && at + 16 <= end
    const length = isLong ? Number(view.getBigUint64(at + 8)) : stated === 0 ? end - at : stated
    const header = isLong ? 16 : 8
    if (length < header || at + length > end) return
    const kind = String.fromCharCode(...[4, 5, 6, 7].map((offset) => view.getUint8(at + offset)))
    yield { kind, begin: at + header, end: at + length }
    at += length
  }
}

/**
 * The first box of a kind inside another box.
 * @param skipped bytes at the beginning of the outer box: some kinds begin with a version and flags
 */
function child(view: DataView, parent: Box | undefined, kind: string, skipped = 0): Box | undefined {
  if (parent === undefined) return undefined
  for (const box of boxes(view, parent.begin + skipped, parent.end)) if (box.kind === kind) return box
  return undefined
}

/** The size of an AVIF, not turned. Its properties may state several sizes. The largest is the picture's; the others are of its tiles. */
export function avifSize(bytes: Uint8Array): Size | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const meta = child(view, { kind: 'file', begin: 0, end: bytes.length }, 'meta')
  const properties = child(view, child(view, meta, 'iprp', 4), 'ipco')
  let largest: Size | undefined
  if (properties === undefined) return undefined
  for (const { kind, begin, end } of boxes(view, properties.begin, properties.end)) {
    if (kind !== 'ispe' || end - begin < 12) continue
    const size = { width: view.getUint32(begin + 4), height: view.getUint32(begin + 8) }
    if (largest === undefined || size.width * size.height > largest.width * largest.height) largest = size
  }
  return largest
}

/**
 * The bytes of an AVIF with `avif` as its first brand. If the brand is that of a sequence, browsers decode its animation in place
 * of its still picture, and libvips does not recognise the format.
 */
export function asStill(bytes: Uint8Array): Uint8Array {
  const brand = [0x61, 0x76, 0x69, 0x66]
  if (brand.every((letter, i) => bytes[8 + i] === letter)) return bytes
  const still = bytes.slice()
  still.set(brand, 8)
  return still
}
