import type { UnsharedBytes } from './unshared.js'

/** The bytes of a file in memory, in any form that JavaScript has. */
export type Bytes = Uint8Array | DataView | ArrayBuffer | SharedArrayBuffer

/**
 * The name of a value's class, such as `Uint8Array`, `Blob` or `URL`. Unlike `instanceof`, it also works for values of another realm: of
 * an iframe, of jsdom, of Node's `vm`.
 * @internal
 */
export function brandOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1)
}

/**
 * Whether a value is memory that is read as bytes.
 * @internal
 */
export function isBytes(value: unknown): value is Bytes {
  const names = ['Uint8Array', 'Uint8ClampedArray', 'DataView', 'ArrayBuffer', 'SharedArrayBuffer']
  return names.includes(brandOf(value))
}

/**
 * A copy of the bytes as they are now, in memory that no other thread shares.
 * @internal
 */
export function copyBytes(bytes: Bytes): UnsharedBytes {
  const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(bytes) ? bytes : new Uint8Array(bytes)
  // `slice` of Node's Buffer shares memory. `slice` of a plain Uint8Array copies, and never into a SharedArrayBuffer.
  return new Uint8Array(buffer, byteOffset, byteLength).slice()
}
