/**
 * Bytes as a string, one character from 0 to 255 each. Engines concatenate strings without copying them, so that deeply nested code is
 * cheap, and the length of a string is known at once.
 */
export type Bytes = string

export function bytesOf(...values: readonly number[]): Bytes {
  return String.fromCharCode(...values)
}

/**
 * Bytes in memory that is not shared with other threads, as `WebAssembly.compile` takes them. TypeScript 5.7 and later call this type
 * `Uint8Array<ArrayBuffer>`; earlier versions refuse the type argument. The return type of `slice` is right in both.
 */
export type ModuleBytes = ReturnType<Uint8Array['slice']>

export function toArray(bytes: Bytes): ModuleBytes {
  const array = new Uint8Array(bytes.length)
  for (let index = 0; index < bytes.length; index++) array[index] = bytes.charCodeAt(index)
  return array
}
