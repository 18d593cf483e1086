/** Whether two arrays have the same bytes. Two views of the same memory are not compared. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false
  if (left.buffer === right.buffer && left.byteOffset === right.byteOffset) return true
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false
  return true
}
