export { type SimdLevel, simdLevel } from './runtime/simd-level.js'
export { type WasmOptions, wasm } from './wasm.js'
