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

/**
 * The line before the program of a worker. It passes messages on without an event: to make a `MessageEvent`, Node loads its code for fetch,
 * which takes longer than all else in the start of a worker.
 */
const port = `const { parentPort } = require('node:worker_threads')
const port = {
  postMessage: (message, transfer) => parentPort.postMessage(message, transfer),
  set onmessage(take) { parentPort.on('message', (data) => take({ data })) },
  set onmessageerror(take) { parentPort.on('messageerror', take) },
}`

/** Starts a worker whose program talks through `port`. */
export function startWorker(program: string, events: WorkerEvents, _url?: string): WorkerLink {
  // The program is a script, because the loader of modules takes longer to start than the rest of a worker.
  const text = `${port}\n${program}`
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

/** Whether a worker's program can be a file. Node needs no file, because it has no policy that forbids text. */
export const takesWorkerUrl: boolean = false

/** The compiler of WebAssembly. */
export function engine(): Engine {
  return 'bun' in process.versions ? 'JavaScriptCore' : 'V8'
}
