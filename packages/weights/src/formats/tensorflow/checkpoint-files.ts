import type { ReadSibling } from '../../beside/beside.js'
import type { CheckpointContent, StoredTensor } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import { sortNaturally } from '../../natural-order.js'
import { sameBytes } from '../../same-bytes.js'
import type { Budget } from '../budget.js'
import { startMessages } from '../protobuf.js'
import { isOfTraining, objectGraphKey, readFullNames, tensorNames } from './object-graph.js'
import { readTensorBundle } from './tensor-bundle.js'

/** The name of a file, and how the files beside it are read. */
interface InFolder {
  readonly file: string
  readonly readSibling: ReadSibling | undefined
}

const indexEnd = '.index'

/** The end of the name of a file of data. */
const dataEnd = /\.data-\d{5}-of-\d{5}$/

/** The name of a file without folders or the query of an address. */
function ownName(file: string): string {
  return file.replace(/[?#].*$/, '').replace(/^.*([/\\]|: )/, '')
}

function refuseAlone(got: string): never {
  throw new CheckpointError('A TensorFlow checkpoint is several files, and this is one of them.', {
    expected: 'NAME.index, and NAME.data-00000-of-00001 beside it',
    got,
    remedy: 'Give NAME.index as a path or an address, so that the files beside it can be read.',
  })
}

/** The keys without copies. `export` of Keras 3 saves each variable twice, under two keys and one full name. */
function withoutCopies(
  keys: readonly string[],
  fullNames: ReadonlyMap<string, string>,
  tensors: ReadonlyMap<string, StoredTensor>,
  budget: Budget,
): string[] {
  const first = new Map<string, string>()
  return keys.filter((key) => {
    const full = fullNames.get(key)
    if (full === undefined) return true
    const other = first.get(full)
    if (other === undefined) {
      first.set(full, key)
      return true
    }
    const [one, another] = [tensors.get(other)!.bytes, tensors.get(key)!.bytes]
    budget.items(one.length / 64, 'the copies of variables')
    return !sameBytes(one, another)
  })
}

async function readIndex(index: Uint8Array, prefix: string, budget: Budget, readSibling: ReadSibling): Promise<CheckpointContent> {
  const readMessage = startMessages(budget)
  const bundle = readTensorBundle(index, prefix, readSibling, readMessage, budget)
  const objectGraph = await bundle.text(objectGraphKey)
  const fullNames = objectGraph === null ? new Map<string, string>() : readFullNames(objectGraph, readMessage)
  const tensors = new Map<string, StoredTensor>()
  for (const entry of bundle.entries.values()) {
    const tensor = await bundle.tensor(entry, entry.key)
    if (tensor !== null) tensors.set(entry.key, tensor)
  }
  const sorted = sortNaturally([...tensors.keys()], (key) => key)
  const keys = withoutCopies(
    [...sorted.filter((key) => !isOfTraining(key)), ...sorted.filter(isOfTraining)],
    fullNames,
    tensors,
    budget,
  )
  const names = tensorNames(keys, fullNames)
  return {
    format: 'tensorflow-checkpoint',
    tensors: new Map(
      keys.map((key) => {
        const name = names.get(key)!
        return [name, { ...tensors.get(key)!, name }]
      }),
    ),
    graph: null,
    metadata: {},
  }
}

/**
 * Reads a TensorFlow checkpoint by its index, `NAME.index`.
 * @throws CheckpointError if it is damaged, or its data are not beside it
 */
export async function readCheckpointIndex(
  bytes: Uint8Array,
  budget: Budget,
  { file, readSibling }: InFolder,
): Promise<CheckpointContent> {
  const name = ownName(file)
  if (readSibling === undefined) return refuseAlone('the index alone')
  if (!name.endsWith(indexEnd)) return refuseAlone(`an index under the name ${name || '(none)'}`)
  return readIndex(bytes, name.slice(0, -indexEnd.length), budget, readSibling)
}

/** Reads the checkpoint of this name, whose index is beside the file that was given. */
async function readNamed(
  prefix: string,
  budget: Budget,
  readSibling: ReadSibling | undefined,
  got: string,
): Promise<CheckpointContent> {
  const index = readSibling === undefined ? null : await readSibling(`${prefix}${indexEnd}`)
  if (readSibling === undefined || index === null) return refuseAlone(got)
  return readIndex(index, prefix, budget, readSibling)
}

/**
 * Reads a TensorFlow checkpoint if one of its data files was given.
 * @throws CheckpointError if its index is not beside the file
 */
export async function readCheckpointData(
  bytes: Uint8Array,
  budget: Budget,
  { file, readSibling }: InFolder,
): Promise<CheckpointContent> {
  const name = ownName(file)
  const beside: ReadSibling | undefined = readSibling && (async (other) => (other === name ? bytes : readSibling(other)))
  return readNamed(name.replace(dataEnd, ''), budget, beside, `${name} alone`)
}

/**
 * Reads the latest TensorFlow checkpoint of a folder, which the text file `checkpoint` names.
 * @throws CheckpointError if the file names none, or if that checkpoint is not beside it
 */
export async function readLatestCheckpoint(
  bytes: Uint8Array,
  budget: Budget,
  readSibling: ReadSibling | undefined,
): Promise<CheckpointContent> {
  const text = new TextDecoder().decode(bytes.subarray(0, 2 ** 16))
  const [, path = ''] = /^model_checkpoint_path:\s*"([^"\\\n]+)"/.exec(text) ?? []
  return readNamed(ownName(path), budget, readSibling, `a list of checkpoints, whose latest is ${path || 'not named'}`)
}
