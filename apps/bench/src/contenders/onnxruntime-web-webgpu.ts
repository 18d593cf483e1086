import * as ort from 'onnxruntime-web/webgpu'
import type { Contender } from '../contender.js'
import { prepareSession } from './onnx-session.js'
import { webgpuDevice } from './webgpu-device.js'

/** onnxruntime-web's WebGPU provider. */
export const contender: Contender = {
  async prepare(task) {
    const device = await webgpuDevice()
    ort.env.wasm.numThreads = task.threads
    ort.env.wasm.wasmPaths = `${task.peers}onnxruntime-web/`
    return prepareSession(ort, task, { executionProviders: ['webgpu'] }, device)
  },
}
