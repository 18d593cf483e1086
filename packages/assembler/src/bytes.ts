/**
 * Bytes as text, one character from 0 to 255 each. Engines join texts without copying them, so code costs little however deep it
 * is nested, and its length is known at once.
 */
export type Bytes = string

export function bytesOf(...values: readonly number[]): Bytes {
  return String.fromCharCode(...values)
}

/**
 * Bytes whose memory no other thread shares, as `WebAssembly.compile` takes them. TypeScript 5.7 and later call that
 * `Uint8Array<ArrayBuffer>`; earlier versions refuse the type argument. What `slice` returns is the right type in both.
 */
export type ModuleBytes = ReturnType<Uint8Array['slice']>

export function toArray(bytes: Bytes): ModuleBytes {
  const array = new Uint8Array(bytes.length)
  for (let index = 0; index < bytes.length; index++) array[index] = bytes.charCodeAt(index)
  return array
}
