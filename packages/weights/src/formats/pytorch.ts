import type { CheckpointContent } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import type { Budget } from './budget.js'
import { unpickle } from './pickle.js'
import { readStateDict } from './pytorch-state-dict.js'
import { pytorchHooks } from './pytorch-tensors.js'
import type { ZipEntry } from './zip.js'

/** `<archive>/data.pkl` holds the state dict, `<archive>/data/<key>` the storages. */
const pickleName = /^(?:.*\/)?data\.pkl$/

/**
 * Reads a state dict that `torch.save` wrote as a zip (the format since PyTorch 1.6).
 * @throws CheckpointError if the file is damaged, or its pickle asks for anything but tensors in dictionaries
 */
export function readPytorchZip(entries: ReadonlyMap<string, ZipEntry>, budget: Budget): CheckpointContent {
  const pickle = [...entries.values()].find(({ name }) => pickleName.test(name))
  if (pickle === undefined) throw new CheckpointError('The zip is not one that PyTorch wrote.', { expected: 'an entry data.pkl' })
  const folder = pickle.name.slice(0, -'data.pkl'.length)
  const order = entries.get(`${folder}byteorder`)
  if (order !== undefined && new TextDecoder().decode(order.read()) !== 'little') {
    throw new CheckpointError('The file was written on a big-endian machine.', { expected: 'byteorder little' })
  }
  const { value } = unpickle(pickle.read(), pytorchHooks)
  const read = (key: string): Uint8Array => {
    const entry = entries.get(`${folder}data/${key}`)
    if (entry === undefined) throw new CheckpointError('A storage is missing from the zip.', { expected: `${folder}data/${key}` })
    return entry.read()
  }
  return readStateDict(value, read, budget)
}
