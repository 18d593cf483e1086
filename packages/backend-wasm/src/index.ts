export { joinVectors } from '#host'
export { type SimdLevel, simdLevel } from './codegen/simd-level.js'
export type { Tuning } from './tuning/tuning.js'
export { type WasmOptions, wasm } from './wasm.js'
