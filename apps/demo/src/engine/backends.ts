import type { Availability, Backend } from '@mobilenetv2/spec'
import { openTfjs, type TfjsName } from './tfjs-backends.js'

/** The backends that this site can choose from. */
export type BackendId = 'wasm-1' | 'wasm-n' | 'webgpu' | 'tfjs-wasm' | 'tfjs-cpu'

/** A backend as the page lists it. */
export interface BackendChoice {
  readonly id: BackendId
  readonly title: string
  readonly availability: Availability
}

const titles: Readonly<Record<BackendId, string>> = {
  'wasm-1': 'WebAssembly, 1 thread',
  'wasm-n': 'WebAssembly, threads',
  webgpu: 'WebGPU',
  'tfjs-wasm': 'TensorFlow.js on WebAssembly, 1 thread',
  'tfjs-cpu': 'TensorFlow.js in plain JavaScript',
}

/** Half of the processors, as the others are kept busy by the page and by what hyper-threads share; at least two. */
const manyThreads = Math.min(4, Math.max(2, Math.floor(navigator.hardwareConcurrency / 2)))

async function openWasm(threads: number): Promise<Backend> {
  const { wasm } = await import('@mobilenetv2/backend-wasm')
  return wasm({ threads })
}

const tfjsName: Readonly<Record<'tfjs-wasm' | 'tfjs-cpu', TfjsName>> = { 'tfjs-wasm': 'wasm', 'tfjs-cpu': 'cpu' }

/** The backend of an id, imported now. */
export async function openBackend(id: BackendId): Promise<Backend> {
  switch (id) {
    case 'wasm-1':
      return openWasm(1)
    case 'wasm-n':
      return openWasm(manyThreads)
    case 'webgpu':
      return (await import('@mobilenetv2/backend-webgpu')).webgpu()
    case 'tfjs-wasm':
    case 'tfjs-cpu':
      return openTfjs(tfjsName[id])
    default:
      return id satisfies never
  }
}

async function availabilityOf(id: BackendId): Promise<Availability> {
  if (id === 'wasm-n' && !globalThis.crossOriginIsolated) {
    return {
      available: false,
      reason: 'Threads share memory only on a page that is cross-origin isolated, and this one is not.',
      remedy: 'Reload the page once: its service worker then adds the headers.',
    }
  }
  if (id === 'wasm-n' && navigator.hardwareConcurrency < 2) {
    return { available: false, reason: 'This machine has one processor.', remedy: 'One thread does all it can do.' }
  }
  // What TensorFlow.js needs is downloaded when it is chosen.
  if (id === 'tfjs-cpu') return { available: true, device: 'tfjs cpu' }
  if (id === 'tfjs-wasm') return { available: true, device: 'tfjs wasm' }
  return (await openBackend(id)).availability()
}

/** Every backend, with whether it can run here. */
export async function listBackends(): Promise<readonly BackendChoice[]> {
  const ids = Object.keys(titles) as BackendId[]
  return Promise.all(ids.map(async (id) => ({ id, title: titles[id], availability: await availabilityOf(id) })))
}
