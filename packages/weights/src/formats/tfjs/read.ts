import type { ReadSibling } from '../../beside/beside.js'
import { type CheckpointContent, descriptionKey, type PlainValue, type StoredTensor } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import { assembleGraph } from '../../graph/assemble-graph.js'
import type { Graph } from '../../graph/graph.js'
import { refuseMissing } from '../../graph/refuse-missing.js'
import type { Budget } from '../budget.js'
import { type JsonNode, readJson } from '../json.js'
import { jsonAttributes } from '../tensorflow/attributes.js'
import { checkFed, inputOf } from '../tensorflow/graph-input.js'
import { nodeNameOf } from '../tensorflow/node-name.js'
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

/** The names in a model's signature. TensorFlow.js looks for it in two places. */
function signatureNames(model: JsonNode, side: 'inputs' | 'outputs'): string[] {
  const signature = model.member('userDefinedMetadata')?.member('signature') ?? model.member('signature')
  const entries = signature?.member(side) ?? null
  return entries?.names().map((key) => entries.required(key).required('name').text()) ?? []
}

/**
 * The network in the nodes of a graph-model: from its input to the outputs that its signature names, which is what TensorFlow.js runs.
 * @throws CheckpointError if a node or the signature names something that is missing, or the signature feeds another node than the input
 */
function graphOf(model: JsonNode, nodes: readonly TensorflowNode[], stored: Map<string, StoredTensor>): Graph {
  const input = inputOf(nodes)
  const [inputs, outputs] = [signatureNames(model, 'inputs'), signatureNames(model, 'outputs')]
  // The converter may drop the nodes of constants.
  const given = new Set([...nodes.map(({ name }) => name), ...stored.keys()])
  for (const reference of [...nodes.flatMap((node) => node.inputs), ...inputs]) {
    if (!given.has(nodeNameOf(reference))) refuseMissing(reference)
  }
  checkFed(input, inputs.map(nodeNameOf))
  const ends = outputs.map((name) => name.replace(/:0$/, ''))
  return assembleGraph(input, tfjsNodes(nodes, stored, ends.length === 0 ? undefined : ends))
}

/** The metadata of a model: what wrote it, what its author has added, and this project's description. */
function metadataOf(model: JsonNode): Readonly<Record<string, PlainValue>> {
  const texts = ['generatedBy', 'convertedBy'].flatMap((name) => {
    const text = model.member(name)?.text()
    return text === undefined ? [] : [[name, text] as const]
  })
  const authors = model.member('userDefinedMetadata')
  const description = authors?.member(descriptionKey)?.text()
  return {
    ...Object.fromEntries(texts),
    ...(authors === null ? {} : { userDefinedMetadata: authors.plain() }),
    ...(description === undefined ? {} : { [descriptionKey]: description }),
  }
}

/**
 * Reads a TensorFlow.js graph-model or layers-model: `model.json`, and with `readSibling` the shards that it names.
 * @throws CheckpointError if the model is damaged, or has operators that no MobileNetV2 has
 * @throws the errors of `readSibling`
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
  const metadata = metadataOf(model)
  if (layers === null) return { format: 'tfjs-graph-model', tensors: stored, graph: graphOf(model, nodes, stored), metadata }
  return { format: 'tfjs-layers-model', ...readLayersModel(layers, stored, budget), metadata }
}
