import type { BackendId } from '../../engine/backends.js'

/** What can race: the backends, and one library that is no backend of this site. */
export type RacerId = BackendId | 'onnxruntime-web'

/** A racer as a visitor knows it: whose code computes, and on what. */
export interface Racer {
  readonly library: string
  readonly on: string
  /** What it is, for someone who does not know it. */
  readonly about: string
}

/** The name of this project's own lanes. */
export const ownLibrary = 'mobilenetv2'

export const racers: Readonly<Record<RacerId, Racer>> = {
  'wasm-1': { library: ownLibrary, on: 'WebAssembly, 1 thread', about: 'This project’s own code, on one core of the processor.' },
  'wasm-n': { library: ownLibrary, on: 'WebAssembly, threads', about: 'The same code, on several cores.' },
  webgpu: { library: ownLibrary, on: 'WebGPU', about: 'This project’s own code for the graphics chip.' },
  'tfjs-wasm': { library: 'TensorFlow.js', on: 'WebAssembly, 1 thread', about: 'Google’s library, on one core.' },
  'tfjs-cpu': { library: 'TensorFlow.js', on: 'plain JavaScript', about: 'Google’s library without compiled code: the slow way.' },
  'onnxruntime-web': { library: 'ONNX Runtime Web', on: 'WebAssembly, 1 thread', about: 'Microsoft’s library, on one core.' },
}

/** A racer in one line. */
export function racerName(id: RacerId): string {
  const { library, on } = racers[id]
  return `${library} on ${on}`
}
