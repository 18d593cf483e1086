import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import type { Task } from '../contender.js'

/**
 * Tells TensorFlow.js's WebAssembly backend the location of its files and its number of threads.
 * @throws Error if Node is asked for more than one thread
 */
export function setTfjsWasm({ peers, threads }: Task): void {
  if (peers !== null) setWasmPaths(`${peers}tfjs-backend-wasm/`)
  else if (threads !== 1) throw new Error('tfjs-backend-wasm runs on one thread only in Node')
  setThreadsCount(threads)
}
