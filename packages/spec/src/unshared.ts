// TypeScript 5.7 and later distinguish arrays on an `ArrayBuffer` (`Uint8Array<ArrayBuffer>`) from arrays on a `SharedArrayBuffer`. Earlier
// versions refuse the type argument. The return type of `slice` is right in all versions.

/** Bytes in memory that no other thread shares. `Blob`, `fetch` and Web Crypto take only such bytes. */
export type UnsharedBytes = ReturnType<Uint8Array['slice']>

/** Float32 values in memory that no other thread shares. */
export type UnsharedFloats = ReturnType<Float32Array['slice']>
