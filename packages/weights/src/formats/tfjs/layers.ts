import type { CheckpointContent, StoredTensor } from '../../checkpoint.js'
import type { Budget } from '../budget.js'
import type { JsonNode } from '../json.js'
import { kerasGraph } from '../keras/graph.js'
import { readKerasModel } from '../keras/model.js'
import { kerasTensorName, tensorMap } from '../keras/tensors.js'

/**
 * The configuration of a TensorFlow.js layers-model; null if the topology is something else. The converter copies it from an HDF5 file as
 * `{model_config}`. TensorFlow.js itself saves the configuration directly.
 */
export function layersModelOf(topology: JsonNode): JsonNode | null {
  const model = topology.member('model_config') ?? topology
  return model.member('class_name') === null ? null : model
}

/** The graph of a layers-model, and its weights by the names that the graph uses. */
export function readLayersModel(
  configuration: JsonNode,
  stored: ReadonlyMap<string, StoredTensor>,
  budget: Budget,
): Pick<CheckpointContent, 'graph' | 'tensors'> {
  const tensors = tensorMap([...stored.values()].map((tensor) => ({ ...tensor, name: kerasTensorName(tensor.name) })))
  return { graph: kerasGraph(readKerasModel(configuration, budget), tensors), tensors }
}
