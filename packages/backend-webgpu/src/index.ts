export { type CompileOptions, type WebGpuBackend, webgpu } from './backend.js'
export type { Progress } from './runtime/pipelines.js'
