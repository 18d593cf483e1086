import { Worker } from 'node:worker_threads'
import type { HostThreads, WorkerEvents, WorkerLink } from './worker-link.js'

/** The calling thread unless asked: a script has nothing else to do, and a server often has processes or a pool of its own. */
export function hostThreads(): HostThreads {
  return { usual: 0, most: Number.POSITIVE_INFINITY, limit: null }
}

/** Starts a worker from source text that talks through `port`. */
export function startWorker(source: string, events: WorkerEvents): WorkerLink {
  const text = `import { parentPort as port } from 'node:worker_threads'\n${source}`
  // The process's own arguments (loaders, the text of --eval) are nothing to it.
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(text)}`), { execArgv: [] })
  worker.on('message', events.message)
  worker.on('error', events.failure)
  worker.on('exit', (code) => events.failure(`the worker ended with code ${code}`))
  worker.unref()
  return {
    post: (message, transfer) => worker.postMessage(message, [...transfer]),
    hold: (waiting) => (waiting ? worker.ref() : worker.unref()),
    terminate: () => void worker.terminate(),
  }
}
