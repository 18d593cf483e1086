import type { Budget } from '../budget.js'
import { readTexts } from './attributes.js'
import { datasetOf, type Hdf5Dataset } from './dataset.js'
import { damagedHdf5, hdf5Bytes, unknownHdf5 } from './hdf5-bytes.js'
import { readLinks } from './links.js'
import { type HeaderMessage, readObjectHeader } from './object-header.js'

/** A group or a dataset of an HDF5 file. */
export interface Hdf5Object {
  /** The names from the root, joined by `/`; empty for the root. */
  readonly path: string
  /** Null for a group. */
  readonly dataset: Hdf5Dataset | null
  /** The texts of an attribute; a scalar has one text. Null if there is none. */
  texts(name: string): readonly string[] | null
}

/** Bytes that an object needs in memory, without its path, whose characters have two bytes each. */
const objectBytes = 512

/** The path of a member of a group. */
function join(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`
}

/** Where the header of the root group is (section II.A of the HDF5 file format specification). */
function rootOf(bytes: ReturnType<typeof hdf5Bytes>): number {
  const version = bytes.uint8(8)
  if (version > 3) unknownHdf5('a superblock of another version', String(version))
  const old = version < 2
  const [offsets, lengths] = old ? [bytes.uint8(13), bytes.uint8(14)] : [bytes.uint8(9), bytes.uint8(10)]
  if (offsets !== 8 || lengths !== 8) unknownHdf5('offsets that are not of 8 bytes', `${offsets} and ${lengths}`)
  const addresses = old ? (version === 0 ? 24 : 28) : 12
  if (bytes.address(addresses) !== 0) unknownHdf5('a base address', String(bytes.address(addresses)))
  const root = old ? bytes.address(addresses + 40) : bytes.address(addresses + 24)
  return root ?? damagedHdf5('it has no root', 'nothing')
}

/**
 * Lists all groups and datasets of an HDF5 file in the order of the file, a group before its members. No dataset is read yet. It reads what
 * h5py, and so Keras, writes with default settings, and the simple half of the newer file format.
 * @throws CheckpointError if the file is damaged, or uses a part of HDF5 that is not read
 */
export function readHdf5(content: Uint8Array, budget: Budget): readonly Hdf5Object[] {
  const bytes = hdf5Bytes(content, budget)
  const objects: Hdf5Object[] = []
  const visit = (path: string, at: number, depth: number, above: ReadonlySet<number>): void => {
    if (above.has(at)) damagedHdf5('a group is a member of itself', path)
    budget.depth(depth, path)
    budget.parts(1, 'groups and arrays')
    budget.take(objectBytes + 2 * budget.name(path).length, 'objects')
    const messages: readonly HeaderMessage[] = readObjectHeader(bytes, at)
    objects.push({ path, dataset: datasetOf(bytes, messages), texts: (name) => readTexts(bytes, messages, name) })
    const inside = new Set(above).add(at)
    for (const [name, member] of readLinks(bytes, messages)) visit(join(path, name), member, depth + 1, inside)
  }
  visit('', rootOf(bytes), 0, new Set())
  return objects
}
