import * as ort from 'onnxruntime-web/wasm'
import type { Contender } from '../contender.js'
import { prepareSession } from './onnx-session.js'

/** onnxruntime-web's WebAssembly provider in a browser, from the build that contains no other provider. */
export const contender: Contender = {
  async prepare(task) {
    ort.env.wasm.numThreads = task.threads
    ort.env.wasm.wasmPaths = `${task.peers}onnxruntime-web/`
    return prepareSession(ort, task, { executionProviders: ['wasm'] })
  },
}
