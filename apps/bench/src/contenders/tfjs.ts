import { loadGraphModel } from '@tensorflow/tfjs-converter'
import { io, setBackend, tensor4d, tidy } from '@tensorflow/tfjs-core'
import type { Tensorflow } from './tfjs-graph.js'

/** TensorFlow.js as a page or a Node program puts it together; the backend is imported beside it. */
export const tf: Tensorflow = { io, setBackend, tensor4d, tidy, loadGraphModel }
