import type { BackendId } from '../engine/backends.js'

/** The backends as a visitor knows them. */
export const backendNames: Readonly<Record<BackendId, string>> = {
  'wasm-1': 'WebAssembly',
  'wasm-n': 'WebAssembly, threads',
  webgpu: 'WebGPU',
  'tfjs-wasm': 'TensorFlow.js, WebAssembly',
  'tfjs-cpu': 'TensorFlow.js, JavaScript',
}
