import type { Contender } from '../contender.js'
import { importOptional } from './import-optional.js'
import { prepareGraphModel, type Tensorflow } from './tfjs-graph.js'

const { default: tf } = await importOptional<{ readonly default: Tensorflow }>('@tensorflow/tfjs-node')

/** TensorFlow.js on native TensorFlow; the bench sets its number of threads in the environment of the process. */
export const contender: Contender = {
  prepare: (task) => prepareGraphModel(tf, 'tensorflow', task, 'native cpu'),
}
