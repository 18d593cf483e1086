import type { Availability, Backend } from '@mobilenetv2/spec'
import { type BackendName, backendNames, openBackend } from 'mobilenetv2'
import { registerTfjs } from './register-tfjs.js'

/** The ways to run a network that this site offers. */
export type BackendId = 'wasm-1' | 'wasm-n' | 'webgpu' | 'tfjs-wasm' | 'tfjs-cpu'

/** One way to run a network, as the page lists it. */
export interface BackendChoice {
  readonly id: BackendId
  readonly title: string
  readonly availability: Availability
}

interface Offer {
  readonly id: BackendId
  readonly title: string
  open(): Promise<Backend>
  /** Whether it can run here. Nothing is downloaded. */
  availability(): Promise<Availability>
}

/** Half of the processors, 2 to 4: the page needs some itself, and two hyper-threads share one core. */
const manyThreads = Math.min(4, Math.max(2, Math.floor(navigator.hardwareConcurrency / 2)))

async function threadsAvailability(): Promise<Availability> {
  if (!globalThis.crossOriginIsolated) {
    return {
      available: false,
      reason: 'Threads share memory only on a page that is cross-origin isolated, and this one is not.',
      remedy: 'Reload the page once: its service worker then isolates it.',
    }
  }
  if (navigator.hardwareConcurrency < 2) {
    return { available: false, reason: 'This machine has one processor.', remedy: 'One thread does all it can do.' }
  }
  return (await openBackend('wasm', { threads: manyThreads })).availability()
}

/** If there is no adapter, the package's message speaks of Node too. These messages are for the visitor of a page. */
async function webgpuAvailability(): Promise<Availability> {
  const found = await (await openBackend('webgpu')).availability()
  if (found.available || !globalThis.isSecureContext) return found
  const { gpu } = navigator as { readonly gpu?: { requestAdapter(): Promise<object | null> } }
  if (gpu === undefined) {
    return {
      available: false,
      reason: 'It computes on the graphics chip, and this browser lacks it.',
      remedy: 'Chrome and Edge have it from 113 on, Safari from 26, Firefox from 141.',
    }
  }
  if ((await gpu.requestAdapter()) !== null) return found
  return {
    available: false,
    reason: 'It computes on the graphics chip, and this browser finds none that it may use.',
    remedy: 'Switch hardware acceleration on in its settings, or update the driver.',
  }
}

function tfjsOffer(name: 'wasm' | 'cpu', title: string): Offer {
  return {
    id: `tfjs-${name}`,
    title,
    async open() {
      await registerTfjs(name)
      return (await import('@mobilenetv2/tfjs')).tfjs({ backend: name })
    },
    // TensorFlow.js is downloaded when it is chosen.
    availability: async () => ({ available: true, device: `tfjs ${name}` }),
  }
}

/** What the site offers of each backend that `mobilenetv2` knows; nothing of those that run in Node. */
const offersOf: Readonly<Record<BackendName, readonly Offer[]>> = {
  wasm: [
    {
      id: 'wasm-1',
      title: 'WebAssembly, 1 thread',
      open: () => openBackend('wasm', { threads: 1 }),
      availability: async () => (await openBackend('wasm', { threads: 1 })).availability(),
    },
    {
      id: 'wasm-n',
      title: 'WebAssembly, threads',
      open: () => openBackend('wasm', { threads: manyThreads }),
      availability: threadsAvailability,
    },
  ],
  webgpu: [
    {
      id: 'webgpu',
      title: 'WebGPU',
      open: () => openBackend('webgpu'),
      availability: webgpuAvailability,
    },
  ],
  tfjs: [tfjsOffer('wasm', 'TensorFlow.js on WebAssembly, 1 thread'), tfjsOffer('cpu', 'TensorFlow.js in plain JavaScript')],
  'node-cuda': [],
  onnxruntime: [],
}

const offers: readonly Offer[] = backendNames.flatMap((name) => offersOf[name])

/** The backend of an id, imported now. */
export function openChosen(id: BackendId): Promise<Backend> {
  return offers.find((offer) => offer.id === id)!.open()
}

/** Every way to run a network, with whether it can run here. */
export async function listBackends(): Promise<readonly BackendChoice[]> {
  return Promise.all(offers.map(async ({ id, title, availability }) => ({ id, title, availability: await availability() })))
}
