import type { Contender } from '../contender.js'
import { tf } from './tfjs.js'
import { prepareGraphModel } from './tfjs-graph.js'
import { setTfjsWasm } from './tfjs-wasm-paths.js'

/** A TensorFlow.js graph model on its WebAssembly backend (XNNPACK). */
export const contender: Contender = {
  async prepare(task) {
    setTfjsWasm(task)
    return prepareGraphModel(tf, 'wasm', task)
  },
}
