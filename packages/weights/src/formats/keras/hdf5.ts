import type { CheckpointContent } from '../../checkpoint.js'
import type { Budget } from '../budget.js'
import { type Hdf5Object, readHdf5 } from '../hdf5/read.js'
import { type JsonNode, readJson } from '../json.js'
import { kerasGraph } from './graph.js'
import { groupsOfMobileNetV2 } from './groups.js'
import { hasHubLayer, isHubVariable, refuseHubLayer } from './hub.js'
import { readKerasModel } from './model.js'
import { hdf5Tensor, kerasTensorName, readVariables, renameContainers, tensorMap, uniquelyNamed } from './tensors.js'

/** The group of a whole model's weights. The optimizer's are beside it. */
const modelWeights = 'model_weights'

/** The text attributes of the root, which say what wrote the file. */
function producerOf(root: Hdf5Object | undefined): Record<string, string> {
  return Object.fromEntries(
    ['keras_version', 'backend'].flatMap((name) => {
      const [text] = root?.texts(name) ?? []
      return text === undefined ? [] : [[name, text]]
    }),
  )
}

/** Reads the arrays of Keras's older form, which has a group for each layer, from the group `from` on. */
function readLayerGroups(objects: readonly Hdf5Object[], from: string): ReturnType<typeof tensorMap> {
  const prefix = from === '' ? '' : `${from}/`
  return uniquelyNamed(
    objects
      .filter(({ path, dataset }) => dataset !== null && path.startsWith(prefix))
      .map((object) => {
        const path = object.path.slice(prefix.length)
        if (isHubVariable(path)) {
          const name = path.replace(/:\d+$/, '')
          return { short: name, long: name, object }
        }
        const short = kerasTensorName(path)
        // `model/dense/dense/kernel:0`: the group that the layer is in, then its own name.
        return { short, long: `${path.slice(0, path.indexOf('/'))}/${short}`, object }
      }),
  )
}

function configurationOf(root: Hdf5Object | undefined, budget: Budget): JsonNode | null {
  const [text] = root?.texts('model_config') ?? []
  return text === undefined ? null : readJson(new TextEncoder().encode(text), budget)
}

/**
 * Reads an HDF5 file: a whole Keras model with its graph, the weights of a Keras model in the form of Keras 2 or Keras 3, or arrays with
 * any names, which become the names of the tensors.
 * @throws CheckpointError if the file is damaged, or its model has layers that no MobileNetV2 has
 */
export function readKerasHdf5(bytes: Uint8Array, budget: Budget): CheckpointContent {
  const objects = renameContainers(readHdf5(bytes, budget))
  const [root] = objects
  const has = (path: string): boolean => objects.some((object) => object.path === path)
  const content = { format: 'hdf5', metadata: producerOf(root) } as const
  const configuration = configurationOf(root, budget)
  if (configuration !== null) {
    const model = readKerasModel(configuration, budget)
    const tensors = readLayerGroups(objects, modelWeights)
    if (!hasHubLayer(model)) return { ...content, tensors, graph: kerasGraph(model, tensors) }
    if (![...tensors.keys()].some(isHubVariable)) refuseHubLayer()
    const { height, width } = model.input
    return { ...content, tensors, graph: null, metadata: { ...content.metadata, input_shape: [height, width, model.channels] } }
  }
  if (has('layers')) {
    return { ...content, tensors: readVariables(objects, groupsOfMobileNetV2(objects)), graph: null }
  }
  if (has(modelWeights)) return { ...content, tensors: readLayerGroups(objects, modelWeights), graph: null }
  if (root?.texts('layer_names') != null) return { ...content, tensors: readLayerGroups(objects, ''), graph: null }
  const arrays = objects.filter(({ dataset }) => dataset !== null)
  return { ...content, tensors: tensorMap(arrays.map((object) => hdf5Tensor(object.path, object))), graph: null }
}
