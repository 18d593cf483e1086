// The end of a zip. It is in a file of its own, so that the reader of zips and its library are loaded only if they are needed.

const endSignature = 0x06054b50

/** Bytes of the end record, without its comment. */
const endLength = 22

/** Most bytes of a zip's comment, whose length has 16 bits. */
const longestComment = 0xffff

/** The offset of the end record, whose comment ends with the file; -1 if there is none. */
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
