import type { Engine } from '../tuning/tuning.js'
import { workersOn } from './sharing.js'
import type { Vectors } from './vectors.node.js'
import type { HostThreads, WorkerEvents, WorkerLink } from './worker-link.js'

/** The threads of a page. Workers keep it responsive. They can share memory only if the page is cross-origin isolated. */
export function hostThreads(): HostThreads {
  if (typeof Worker === 'undefined') return { usual: 0, most: 0, limit: 'this engine has no workers' }
  if (globalThis.crossOriginIsolated !== true) return { usual: 1, most: 1, limit: 'not cross-origin isolated' }
  return workersOn(navigator.hardwareConcurrency)
}

let blobUrl: string | undefined

/** The address of the program as a blob, so that no bundler and no server needs to know of a file. */
function blobUrlOf(program: string): string {
  blobUrl ??= URL.createObjectURL(new Blob([`const port = self\n${program}`], { type: 'text/javascript' }))
  return blobUrl
}

/**
 * Starts a worker whose program talks through `port`.
 * @param url the address of a file that contains the program
 */
export function startWorker(program: string, events: WorkerEvents, url?: string): WorkerLink {
  const worker = new Worker(url ?? blobUrlOf(program))
  worker.onmessage = ({ data }) => events.message(data)
  worker.onerror = (event) => {
    event.preventDefault()
    events.failure(event.error ?? event.message ?? 'the browser cannot start the worker and gives no reason')
  }
  return {
    post: (message, transfer) => worker.postMessage(message, [...transfer]),
    hold: () => undefined,
    terminate: () => worker.terminate(),
  }
}

/** Whether a worker's program can be a file. */
export const takesWorkerUrl: boolean = true

/** The compiler of WebAssembly, by the browser's name. Every browser on iOS has JavaScriptCore and the name of WebKit. */
export function engine(): Engine {
  const { userAgent = '' } = globalThis.navigator ?? {}
  if (/Chrom(e|ium)\//.test(userAgent)) return 'V8'
  return /Gecko\/\d/.test(userAgent) ? 'SpiderMonkey' : /AppleWebKit\//.test(userAgent) ? 'JavaScriptCore' : 'V8'
}

/** Why the engine's vectors cannot be joined to 256 bits. */
export function whyNotJoined(): string | null {
  return 'a page cannot set flags of its browser. Chromium can be started with --js-flags=--wasm-revectorize'
}

/** Always `separate`: a page cannot know the flags of its browser. */
export function vectors(): Vectors {
  return 'separate'
}

/** @returns why vectors cannot be joined: in a browser they never can */
export function joinVectors(): string | null {
  return whyNotJoined()
}

/** Does nothing: in a browser vectors are never joined. */
export function separateVectors(_to: Exclude<Vectors, 'joined'>): void {}
