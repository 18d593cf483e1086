import { loadGraphModel } from '@tensorflow/tfjs-converter'
import { io, setBackend, tensor4d, tidy } from '@tensorflow/tfjs-core'
import type { Tensorflow } from './tfjs-graph.js'

/** TensorFlow.js as a page or a Node program assembles it; each contender's module imports the backend. */
export const tf: Tensorflow = { io, setBackend, tensor4d, tidy, loadGraphModel }
