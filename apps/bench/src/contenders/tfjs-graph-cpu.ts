import '@tensorflow/tfjs-backend-cpu'
import type { Contender } from '../contender.js'
import { tf } from './tfjs.js'
import { prepareGraphModel } from './tfjs-graph.js'

/** TensorFlow.js in plain JavaScript. */
export const contender: Contender = {
  async prepare(task) {
    if (task.threads !== 1) throw new Error('tfjs-backend-cpu runs on one thread only')
    return prepareGraphModel(tf, 'cpu', task)
  },
}
