export { type CompileOptions, type WasmBackend, wasm } from './backend.js'
