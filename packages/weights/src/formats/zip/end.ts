// How a zip ends, apart from what reads one and its library.

const endSignature = 0x06054b50

/** Bytes of the end record, without its comment. */
const endLength = 22

/** A zip's comment has a length of 16 bits. */
const longestComment = 0xffff

/** Where the end record is, whose comment ends with the file; -1 where there is none. */
export function findEnd(view: DataView): number {
  const last = view.byteLength - endLength
  for (let at = last; at >= 0 && at >= last - longestComment; at--) {
    if (view.getUint32(at, true) === endSignature && at + view.getUint16(at + 20, true) === last) return at
  }
  return -1
}

/** Whether a file ends as a zip does. */
export function hasZip(bytes: Uint8Array): boolean {
  return findEnd(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)) >= 0
}
