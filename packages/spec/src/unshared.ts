// TypeScript 5.7 and later tell arrays on an `ArrayBuffer` from arrays on a `SharedArrayBuffer`: `Uint8Array<ArrayBuffer>`. Earlier
// versions refuse the type argument. What `slice` returns is the right type in both.

/** Bytes whose memory no other thread shares, as `Blob`, `fetch` and Web Crypto take them. */
export type UnsharedBytes = ReturnType<Uint8Array['slice']>

/** Float32 values whose memory no other thread shares. */
export type UnsharedFloats = ReturnType<Float32Array['slice']>
