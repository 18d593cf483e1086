import type { ReadSibling } from '../../beside/beside.js'
import type { CheckpointContent } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import { assembleGraph } from '../../graph/assemble-graph.js'
import type { Budget } from '../budget.js'
import { type JsonNode, readJson } from '../json.js'
import { jsonAttributes } from '../tensorflow/attributes.js'
import { inputOf } from '../tensorflow/graph-input.js'
import { type TensorflowNode, tfjsNodes } from './nodes.js'
import { readTfjsWeights } from './weights.js'

function nodeOf(node: JsonNode, budget: Budget): TensorflowNode {
  return {
    name: budget.name(node.required('name').text()),
    operation: budget.name(node.required('op').text()),
    inputs:
      node
        .member('input')
        ?.array()
        .map((input) => input.text()) ?? [],
    attributes: jsonAttributes(node.member('attr')),
  }
}

/**
 * Reads a TensorFlow.js graph-model or layers-model: `model.json`, and the shards that it names through `readSibling`.
 * @throws CheckpointError if the model is damaged, or has operators that no MobileNetV2 has; what `readSibling` throws
 */
export async function readTfjs(bytes: Uint8Array, budget: Budget, readSibling?: ReadSibling): Promise<CheckpointContent> {
  const model = readJson(bytes, budget)
  const format = model.member('format')?.text()
  if (model.member('modelTopology') === null && format !== 'graph-model') {
    throw new CheckpointError('The JSON file is not a TensorFlow.js model.', {
      expected: 'format graph-model or layers-model, and its modelTopology',
      got: format ?? 'none',
    })
  }
  const topology = model.required('modelTopology')
  // A graph-model's topology is TensorFlow's GraphDef; a layers-model's is a Keras model.
  const { layersModelOf, readLayersModel } = await import('./layers.js')
  const layers = layersModelOf(topology)
  const nodes =
    layers === null
      ? topology
          .required('node')
          .array()
          .map((node) => nodeOf(node, budget))
      : []
  budget.parts(nodes.length, 'nodes')
  const stored = await readTfjsWeights(model.required('weightsManifest'), budget, readSibling)
  const metadata = Object.fromEntries(
    ['generatedBy', 'convertedBy'].flatMap((name) => {
      const text = model.member(name)?.text()
      return text === undefined ? [] : [[name, text]]
    }),
  )
  if (layers === null) {
    const graph = assembleGraph(inputOf(nodes), tfjsNodes(nodes, stored))
    return { format: 'tfjs-graph-model', tensors: stored, graph, metadata }
  }
  return { format: 'tfjs-layers-model', ...readLayersModel(layers, stored, budget), metadata }
}
