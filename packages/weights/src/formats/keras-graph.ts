import type { StoredTensor } from '../checkpoint.js'
import { assembleGraph } from '../graph/assemble-graph.js'
import type { Graph } from '../graph/graph.js'
import type { KerasModel } from './keras-model.js'
import { kerasNodes } from './keras-nodes.js'

/** A Keras model's configuration as a graph, whose tensors are named `<layer>/<variable>`. */
export function kerasGraph(model: KerasModel, tensors: ReadonlyMap<string, StoredTensor>): Graph {
  return assembleGraph({ ...model.input, quantization: null, normalization: null }, kerasNodes(model, tensors))
}
