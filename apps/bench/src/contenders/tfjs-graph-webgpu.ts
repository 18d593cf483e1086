import '@tensorflow/tfjs-backend-webgpu'
import type { Contender } from '../contender.js'
import { tf } from './tfjs.js'
import { prepareGraphModel } from './tfjs-graph.js'
import { webgpuDevice } from './webgpu-device.js'

/** TensorFlow.js on its WebGPU backend. */
export const contender: Contender = {
  prepare: async (task) => prepareGraphModel(tf, 'webgpu', task, await webgpuDevice()),
}
