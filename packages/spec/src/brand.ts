import type { UnsharedBytes } from './unshared.js'

/** The bytes of a file, as a caller holds them. */
export type Bytes = Uint8Array | DataView | ArrayBuffer | SharedArrayBuffer

/**
 * The name of a value's class, such as `Uint8Array`, `Blob`, `URL`. Other than `instanceof`, it is the same for values of another realm:
 * of an iframe, of jsdom, of Node's `vm`.
 */
export function brandOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1)
}

/** Whether a value is a piece of memory whose items are bytes. */
export function isBytes(value: unknown): value is Bytes {
  const names = ['Uint8Array', 'Uint8ClampedArray', 'DataView', 'ArrayBuffer', 'SharedArrayBuffer']
  return names.includes(brandOf(value))
}

/** A copy of bytes as they are now. */
export function copyBytes(bytes: Bytes): UnsharedBytes {
  const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(bytes) ? bytes : new Uint8Array(bytes)
  // `slice` of Node's Buffer shares memory; `slice` of a plain Uint8Array copies, and never into shared memory.
  return new Uint8Array(buffer, byteOffset, byteLength).slice()
}
