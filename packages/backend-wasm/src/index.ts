export { type CompileOptions, type WasmBackend, wasm } from './backend.js'
export { type SimdLevel, simdLevel } from './runtime/features.js'
