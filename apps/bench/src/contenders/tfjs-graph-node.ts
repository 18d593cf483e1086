import type { Contender } from '../contender.js'
import { importTfjsNode } from './import-tfjs-node.js'
import { prepareGraphModel, type Tensorflow } from './tfjs-graph.js'

const tf = await importTfjsNode<Tensorflow>()

/** TensorFlow.js on native TensorFlow. The bench sets its number of threads in the environment of the process. */
export const contender: Contender = {
  prepare: (task) => prepareGraphModel(tf, 'tensorflow', task, 'native cpu'),
}
