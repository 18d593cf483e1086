export { type WasmOptions, wasm } from './backend.js'
export { type SimdLevel, simdLevel } from './runtime/features.js'
