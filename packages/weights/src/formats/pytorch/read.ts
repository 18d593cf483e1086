import type { CheckpointContent } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import type { Budget } from '../budget.js'
import { pickleContent } from '../pickle/content.js'
import { readOnce } from '../pickle/tensor.js'
import { unpickle } from '../pickle/unpickle.js'
import { isStorage, type PickleValue, type StorageSource } from '../pickle/value.js'
import type { ZipEntry } from '../zip/read.js'
import { readStorageFile } from './legacy.js'
import { persistentValue } from './tensors.js'
import { addStatedAttributes } from './torchscript-code.js'

/** The entry with the saved value, `<archive>/data.pkl`. The storages are `<archive>/data/<key>`. */
const pickleName = /^(?:.*\/)?data\.pkl$/

/** The constants of TorchScript, and the folder of their storages. */
const constantsName = 'constants.pkl'

function refuseBigEndian(entries: ReadonlyMap<string, ZipEntry>, folder: string): void {
  const order = entries.get(`${folder}byteorder`)
  if (order !== undefined && new TextDecoder().decode(order.read()) !== 'little') {
    throw new CheckpointError('The file was written on a big-endian machine.', { expected: 'byteorder little' })
  }
}

/** The value of a pickle in the zip, with its storages, which are entries of a folder. */
function readPickle(entries: ReadonlyMap<string, ZipEntry>, pickle: ZipEntry, folder: string, budget: Budget): PickleValue {
  const sources = new Map<string, StorageSource | null>()
  return unpickle(pickle.read(), budget, (id) => {
    const value = persistentValue(id)
    if (!isStorage(value)) return value
    const known = sources.get(value.key)
    const entry = entries.get(`${folder}${value.key}`)
    const source = known ?? (entry === undefined ? null : readOnce(entry))
    sources.set(value.key, source)
    return { ...value, source }
  }).value
}

function findPickle(entries: ReadonlyMap<string, ZipEntry>): { pickle: ZipEntry; folder: string } {
  const pickle = [...entries.values()].find(({ name }) => pickleName.test(name))
  if (pickle === undefined) throw new CheckpointError('The zip was not written by PyTorch.', { expected: 'an entry data.pkl' })
  const folder = pickle.name.slice(0, -'data.pkl'.length)
  refuseBigEndian(entries, folder)
  return { pickle, folder }
}

/**
 * Reads what `torch.save` wrote as a zip (the format since PyTorch 1.6): a state dict, a checkpoint of a training, a whole module.
 * @throws CheckpointError if the file is damaged, or holds no tensors
 */
export function readPytorchZip(entries: ReadonlyMap<string, ZipEntry>, budget: Budget): CheckpointContent {
  const { pickle, folder } = findPickle(entries)
  return pickleContent('pytorch', readPickle(entries, pickle, `${folder}data/`, budget), readStorageFile(budget), budget)
}

/**
 * Reads the tensors of TorchScript (`torch.jit.save`, and PyTorch Mobile's zips): those of the module by their attributes, and the
 * constants as `CONSTANTS.c0` and so on, which is what the code calls them. Strides and the like are read from the code.
 * @throws CheckpointError if the file is damaged, or holds no tensors
 */
export function readTorchScript(entries: ReadonlyMap<string, ZipEntry>, budget: Budget): CheckpointContent {
  const { pickle, folder } = findPickle(entries)
  const module = readPickle(entries, pickle, `${folder}data/`, budget)
  addStatedAttributes(module, entries, folder, budget)
  const entry = entries.get(`${folder}${constantsName}`)
  const list = entry === undefined ? [] : readPickle(entries, entry, `${folder}constants/`, budget)
  const constants = new Map<PickleValue, PickleValue>()
  if (Array.isArray(list)) for (const [index, constant] of list.entries()) constants.set(`c${index}`, constant)
  const root: PickleValue = {
    kind: 'instance',
    type: 'TorchScript',
    parameters: [module],
    state: null,
    items: constants.size === 0 ? null : new Map([['CONSTANTS', constants]]),
    elements: null,
  }
  return pickleContent('torchscript', root, readStorageFile(budget), budget)
}
