import type { BackendId } from '../../engine/backends.js'

/** What can race: the backends, and one library that is no backend of this site. */
export type RacerId = BackendId | 'onnxruntime-web'

/** A racer as a visitor knows it: whose code computes, and on what. */
export interface Racer {
  readonly library: string
  readonly on: string
}

/** The name of this project's own lanes. */
export const ownLibrary = 'mobilenetv2'

export const racers: Readonly<Record<RacerId, Racer>> = {
  'wasm-1': { library: ownLibrary, on: 'WebAssembly, 1 thread' },
  'wasm-n': { library: ownLibrary, on: 'WebAssembly, threads' },
  webgpu: { library: ownLibrary, on: 'WebGPU' },
  'tfjs-wasm': { library: 'TensorFlow.js', on: 'WebAssembly, 1 thread' },
  'tfjs-cpu': { library: 'TensorFlow.js', on: 'plain JavaScript' },
  'onnxruntime-web': { library: 'ONNX Runtime Web', on: 'WebAssembly, 1 thread' },
}

/** A racer in one line. */
export function racerName(id: RacerId): string {
  const { library, on } = racers[id]
  return `${library} on ${on}`
}
