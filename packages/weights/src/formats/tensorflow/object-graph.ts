import { kerasTensorName } from '../keras-tensors.js'
import type { MessageReader } from '../protobuf.js'

/** The key of the description of the objects that were saved, a `TrackableObjectGraph`. */
export const objectGraphKey = '_CHECKPOINTABLE_OBJECT_GRAPH'

const attributeFields = { fullName: 2, key: 3 } as const

/** The full names of the variables that objects had, by their keys in the checkpoint. */
export function readFullNames(bytes: Uint8Array, readMessage: MessageReader): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  readMessage(bytes, {
    1: (node) =>
      readMessage(node.bytes(), {
        2: (attribute) => {
          let [key, name] = ['', '']
          readMessage(attribute.bytes(), {
            [attributeFields.key]: (value) => {
              key = value.text()
            },
            [attributeFields.fullName]: (value) => {
              name = value.text()
            },
          })
          if (name !== '') names.set(key, name)
        },
      }),
  })
  return names
}

/** The end of the key of an object's value. */
const valueEnd = '/.ATTRIBUTES/VARIABLE_VALUE'

/** Variables of what trains a model, by their keys. */
const training = /(^|\/)(_?optimizer|save_counter|_?CHECKPOINTABLE_OBJECT_GRAPH)(\/|$)|\.OPTIMIZER_SLOT/

/** Whether a key is that of a variable which only training needs. */
export function isOfTraining(key: string): boolean {
  return training.test(key)
}

/**
 * A name for each key: Keras's `layer/variable` where the objects had such names, and no two of them the same; else the full name;
 * else the key, without its end where no other name is the same.
 * @param fullNames by key
 */
export function tensorNames(keys: readonly string[], fullNames: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const bare = (key: string): string => (key.endsWith(valueEnd) ? key.slice(0, -valueEnd.length) : key)
  const count = new Map<string, number>()
  const candidates = keys.map((key): readonly string[] => {
    const full = isOfTraining(key) ? undefined : fullNames.get(key)
    return full === undefined ? [bare(key), key] : [kerasTensorName(full), full, bare(key), key]
  })
  for (const names of candidates) for (const name of new Set(names)) count.set(name, (count.get(name) ?? 0) + 1)
  return new Map(keys.map((key, index) => [key, candidates[index]!.find((name) => count.get(name) === 1) ?? key]))
}
