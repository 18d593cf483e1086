import type { ReadCheckpointOptions } from '../../src/index.js'
import { goldenBytes } from './goldens.js'

/** A file of TensorFlow, and the files beside it by name. */
export interface TensorflowFiles {
  readonly bytes: Uint8Array
  readonly siblings: ReadonlyMap<string, Uint8Array>
  readonly options: ReadCheckpointOptions
}

function files(file: string, bytes: Uint8Array, beside: Readonly<Record<string, Uint8Array>>): TensorflowFiles {
  const siblings = new Map(Object.entries(beside))
  return { bytes, siblings, options: { file, readSibling: async (name) => siblings.get(name) ?? null } }
}

const data = '.data-00000-of-00001'

/** The goldens of a SavedModel. */
export function savedModelFiles(name: string): TensorflowFiles {
  return files('saved/saved_model.pb', goldenBytes(`${name}-saved_model.pb`), {
    'variables/variables.index': goldenBytes(`${name}-variables.index`),
    [`variables/variables${data}`]: goldenBytes(`${name}-variables${data}`),
  })
}

/** The goldens of a checkpoint. */
export function checkpointFiles(name: string): TensorflowFiles {
  const index = goldenBytes(`${name}.index`)
  return files(`${name}.index`, index, { [`${name}.index`]: index, [`${name}${data}`]: goldenBytes(`${name}${data}`) })
}

/** The golden of a frozen graph. */
export function frozenFiles(name: string): TensorflowFiles {
  return files(`${name}.pb`, goldenBytes(`${name}.pb`), {})
}
