import { availableParallelism } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import type { Level } from '../codegen/simd-level.js'
import type { Engine } from '../tuning/tuning.js'
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

/** The compiler of WebAssembly. */
export function engine(): Engine {
  return 'bun' in process.versions ? 'JavaScriptCore' : 'V8'
}

/** Null: a process has no place to remember a measurement. */
export function recallTuning(_level: Level): number | null {
  return null
}

export function rememberTuning(_level: Level, _tilePixels: number): void {}

const joinFlag = 'experimental-wasm-revectorize'
let joined = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].some((option) => option.includes(`--${joinFlag}`))

/** Why V8's vectors cannot be joined to 256 bits; null if they are from now on, in all code that this process compiles. */
export function joinVectors(): string | null {
  if (joined) return null
  const [major = 0, minor = 0] = (process.versions.v8 ?? '').split('.').map(Number)
  // The flag in V8 13.6 and 14 is the one that was tried; V8 prints an error for a flag that it does not know.
  if (engine() !== 'V8' || !(major === 14 || (major === 13 && minor >= 6))) return 'it takes Node 24, 25 or 26'
  if (process.arch !== 'x64') return `only x64 has vectors of 256 bits, and this is ${process.arch}`
  setFlagsFromString(`--${joinFlag}`)
  joined = true
  return null
}

export function vectorsAreJoined(): boolean {
  return joined
}

/** Undoes `joinVectors`, for what is compiled from now on. */
export function separateVectors(): void {
  setFlagsFromString(`--no-${joinFlag}`)
  joined = false
}
