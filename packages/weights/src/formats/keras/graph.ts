import type { StoredTensor } from '../../checkpoint.js'
import { assembleGraph } from '../../graph/assemble-graph.js'
import type { Graph } from '../../graph/graph.js'
import type { KerasModel } from './model.js'
import { kerasNodes } from './nodes.js'

/** Turns the configuration of a Keras model into a graph. Its tensors are named `<layer>/<variable>`. */
export function kerasGraph(model: KerasModel, tensors: ReadonlyMap<string, StoredTensor>): Graph {
  const graph = assembleGraph({ ...model.input, quantization: null, normalization: null }, kerasNodes(model, tensors))
  const { inputScaling } = graph
  // For a Lambda layer Keras 3 writes the name of its function, but not the module of the function.
  const isNameless = model.calls.some(({ className, config }) => className === 'Lambda' && config.member('module') === null)
  if (inputScaling === null || !isNameless) return graph
  const assumed = "preprocess_input is taken to be that of Keras's MobileNets, as Keras 3 does not say whose it is"
  return { ...graph, inputScaling: { ...inputScaling, assumed } }
}
