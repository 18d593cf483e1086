import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import type { Contender } from '../contender.js'
import { tf } from './tfjs.js'
import { prepareGraphModel } from './tfjs-graph.js'

/** TensorFlow.js on its WebAssembly backend (XNNPACK). */
export const contender: Contender = {
  async prepare(task) {
    if (task.peers === null) {
      if (task.threads !== 1) throw new Error('tfjs-backend-wasm has one thread in Node')
    } else setWasmPaths(`${task.peers}tfjs-backend-wasm/`)
    setThreadsCount(task.threads)
    return prepareGraphModel(tf, 'wasm', task)
  },
}
