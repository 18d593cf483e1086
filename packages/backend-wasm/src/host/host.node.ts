import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Engine } from '../tuning/tuning.js'
import { workersOn } from './sharing.js'
import type { HostThreads, WorkerEvents, WorkerLink } from './worker-link.js'

export { joinVectors, separateVectors, vectors, whyNotJoined } from './vectors.node.js'

/** The threads of a process. Workers keep the event loop free. */
export function hostThreads(): HostThreads {
  return workersOn(availableParallelism())
}

/** Starts a worker from source text that uses `port`. */
export function startWorker(source: string, events: WorkerEvents): WorkerLink {
  // The text is a script and not a module, because the module loader takes longer to start than the rest of a worker.
  const text = `const { parentPort: port } = require('node:worker_threads')\n${source}`
  // The worker must not get the process's own arguments, such as loaders or the text of --eval.
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

/** The engine of this process. */
export function engine(): Engine {
  return 'bun' in process.versions ? 'JavaScriptCore' : 'V8'
}
