import type { CheckpointContent } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import type { Budget } from '../budget.js'
import { readHdf5 } from '../hdf5/read.js'
import { readJson } from '../json.js'
import type { ZipEntry } from '../zip/read.js'
import { kerasGraph } from './graph.js'
import { groupsOfMobileNetV2 } from './groups.js'
import { readKerasModel, statesLayers } from './model.js'
import { readVariables, renameContainers } from './tensors.js'

const configuration = 'config.json'
const weights = 'model.weights.h5'

/**
 * Reads a `.keras` file: a zip of the model's configuration and its weights.
 * @throws CheckpointError if the file is damaged, or its model has layers that no MobileNetV2 has
 */
export function readKerasArchive(entries: ReadonlyMap<string, ZipEntry>, budget: Budget): CheckpointContent {
  const read = (name: string): Uint8Array => {
    const entry = entries.get(name)
    if (entry === undefined) throw new CheckpointError('The zip was not written by Keras.', { expected: `an entry ${name}` })
    return entry.read()
  }
  const stated = readJson(read(configuration), budget)
  const objects = renameContainers(readHdf5(read(weights), budget))
  const metadata = entries.get('metadata.json')
  const version = metadata === undefined ? null : (readJson(metadata.read(), budget).member('keras_version')?.text() ?? null)
  const content = { format: 'keras', metadata: version === null ? {} : { keras_version: version } } as const
  // A model of the user's own class has its layers in its code.
  if (!statesLayers(stated)) return { ...content, tensors: readVariables(objects, groupsOfMobileNetV2(objects)), graph: null }
  const model = readKerasModel(stated, budget)
  const tensors = readVariables(objects, model.groups, model.variables)
  return { ...content, tensors, graph: kerasGraph(model, tensors) }
}
