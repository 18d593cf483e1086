export { type SimdLevel, simdLevel } from './codegen/simd-level.js'
export { type WasmOptions, wasm } from './wasm.js'
