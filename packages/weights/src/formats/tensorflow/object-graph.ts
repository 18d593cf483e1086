import { kerasTensorName } from '../keras/tensors.js'
import type { MessageReader } from '../protobuf.js'
import { readEntry } from './graph-def.js'

/** The key of the description of the objects that were saved, a `TrackableObjectGraph`. */
export const objectGraphKey = '_CHECKPOINTABLE_OBJECT_GRAPH'

const attributeFields = { fullName: 2, key: 3 } as const

/** The full names of variables, by their keys in the checkpoint. */
export function readFullNames(bytes: Uint8Array, readMessage: MessageReader): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  readMessage(bytes, {
    1: (node) =>
      readMessage(node.bytes(), {
        2: (attribute) => {
          let [key, name] = ['', '']
          readMessage(attribute.bytes(), {
            [attributeFields.key]: (value) => {
              key = value.name()
            },
            [attributeFields.fullName]: (value) => {
              name = value.name()
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

/** Keys of variables for training. In Keras 3 the model's own variables are among the optimizer's, in `_trainable_variables`. */
const training = /(^|\/)(_?optimizer\/(?!_trainable_variables\/)|save_counter(\/|$))|\.OPTIMIZER_SLOT/

/** Whether a key belongs to a variable that only training needs. */
export function isOfTraining(key: string): boolean {
  return training.test(key)
}

function countOf(names: readonly (string | null)[]): ReadonlyMap<string | null, number> {
  const count = new Map<string | null, number>()
  for (const name of names) count.set(name, (count.get(name) ?? 0) + 1)
  return count
}

/**
 * A unique name for each key. It is the first of these that no other key has: Keras's `layer/variable`, the full name, the key without its
 * end, the key.
 * @param fullNames by key
 */
export function tensorNames(keys: readonly string[], fullNames: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const full = keys.map((key) =>
    isOfTraining(key) ? null : (fullNames.get(key)?.replace(/(^|\/)depthwise_kernel$/, '$1kernel') ?? null),
  )
  const short = full.map((name) => (name === null ? null : kerasTensorName(name)))
  const [fullCount, shortCount] = [countOf(full), countOf(short)]
  const preferred = full.map((name, index) => {
    if (name === null || fullCount.get(name) !== 1) return null
    const shorter = short[index]!
    return shorter !== name && !fullCount.has(shorter) && shortCount.get(shorter) === 1 ? shorter : name
  })
  const taken = new Set(preferred)
  const bare = keys.map((key) => (key.endsWith(valueEnd) ? key.slice(0, -valueEnd.length) : key))
  const bareCount = countOf(bare)
  return new Map(
    keys.map((key, index) => {
      const isFree = !taken.has(bare[index]!) && bareCount.get(bare[index]!) === 1
      return [key, preferred[index] ?? (isFree ? bare[index]! : key)]
    }),
  )
}

/** A member of an object: its name, and the index of the member's object. */
interface Child {
  readonly name: string
  readonly place: number
}

/** The members of the object at an index. They are the first field of its message. */
function childrenIn(objects: readonly Uint8Array[], place: number, readMessage: MessageReader): Child[] {
  const children: Child[] = []
  readMessage(objects[place] ?? new Uint8Array(), {
    1: (reference) => {
      let [name, other] = ['', 0]
      readMessage(reference.bytes(), {
        1: (value) => {
          other = value.integer()
        },
        2: (value) => {
          name = value.name()
        },
      })
      children.push({ name, place: other })
    },
  })
  return children
}

/** The objects of a `SavedObjectGraph` or a `TrackableObjectGraph`. */
function objectsIn(bytes: Uint8Array, readMessage: MessageReader): Uint8Array[] {
  const objects: Uint8Array[] = []
  readMessage(bytes, { 1: (value) => objects.push(value.bytes()) })
  return objects
}

/**
 * The keys of a SavedModel's variables, by the indices of the objects in its object graph. As when TensorFlow restores a model, the two
 * graphs are walked from their roots by the same names.
 * @param saved a `SavedObjectGraph`
 * @param stored the checkpoint's `TrackableObjectGraph`
 */
export function keysByObject(saved: Uint8Array, stored: Uint8Array, readMessage: MessageReader): ReadonlyMap<number, string> {
  const [objects, others] = [objectsIn(saved, readMessage), objectsIn(stored, readMessage)]
  const pairs = new Map([[0, 0]])
  const keys = new Map<number, string>()
  // Iterating over a map includes the entries that are added meanwhile.
  for (const [place, other] of pairs) {
    readMessage(others[other] ?? new Uint8Array(), {
      2: (attribute) =>
        readMessage(attribute.bytes(), {
          [attributeFields.key]: (value) => {
            keys.set(place, value.name())
          },
        }),
    })
    const places = new Map(childrenIn(others, other, readMessage).map((child) => [child.name, child.place]))
    for (const child of childrenIn(objects, place, readMessage)) {
      const partner = places.get(child.name)
      if (partner !== undefined && !pairs.has(child.place)) pairs.set(child.place, partner)
    }
  }
  return keys
}

/**
 * The indices of the objects that a function captures, in the order in which it takes them after its own inputs; null if it is not known.
 */
export function capturesOf(saved: Uint8Array, functionName: string, readMessage: MessageReader): number[] | null {
  let captures: number[] | null = null
  readMessage(saved, {
    2: (entry) => {
      const [name, concrete] = readEntry(entry.bytes(), readMessage)
      if (name !== functionName) return
      const places: number[] = []
      readMessage(concrete, { 2: (value) => value.integers(places) })
      captures = places
    },
  })
  return captures
}
