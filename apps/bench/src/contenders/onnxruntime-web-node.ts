import * as ort from 'onnxruntime-web'
import type { Contender } from '../contender.js'
import { prepareSession } from './onnx-session.js'

/** onnxruntime-web's WebAssembly provider in Node, from its build for Node. */
export const contender: Contender = {
  async prepare(task) {
    ort.env.wasm.numThreads = task.threads
    return prepareSession(ort, task, { executionProviders: ['wasm'] })
  },
}
