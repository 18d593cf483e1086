import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { workersOn } from './sharing.js'
import type { HostThreads, WorkerEvents, WorkerLink } from './worker-link.js'

/** Workers, so that the event loop stays free. */
export function hostThreads(): HostThreads {
  return workersOn(availableParallelism())
}

/** Starts a worker from source text that talks through `port`. */
export function startWorker(source: string, events: WorkerEvents): WorkerLink {
  // A script, as the loader of modules takes longer to start than the rest of a worker.
  const text = `const { parentPort: port } = require('node:worker_threads')\n${source}`
  // Without the process's own arguments, such as loaders or the text of --eval.
  const worker = new Worker(text, { eval: true, execArgv: [] })
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
