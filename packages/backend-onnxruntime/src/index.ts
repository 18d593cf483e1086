export { type OnnxRuntimeOptions, onnxruntime } from './onnxruntime.js'
export type { ProviderName } from './providers.js'
