/**
 * Bytes as text, one character from 0 to 255 each. Engines join texts without copying them, so code costs little however deep it
 * is nested, and its length is known at once.
 */
export type Bytes = string

export function bytesOf(...values: readonly number[]): Bytes {
  return String.fromCharCode(...values)
}

export function toArray(bytes: Bytes): Uint8Array<ArrayBuffer> {
  const array = new Uint8Array(bytes.length)
  for (let index = 0; index < bytes.length; index++) array[index] = bytes.charCodeAt(index)
  return array
}
