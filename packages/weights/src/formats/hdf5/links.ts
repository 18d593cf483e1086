import { bytesPerValue, deepest, longestName } from '../budget.js'
import { damagedHdf5, type Hdf5Bytes, unknownHdf5 } from './hdf5-bytes.js'
import { type HeaderMessage, messageTypes } from './object-header.js'

/** The `cache type` of a symbol that is a soft link, which is a path and not an object. */
const softLink = 2

const decoder = new TextDecoder()

/** The text from `at` to the next zero byte, which is never far away in a name. */
function textAt(bytes: Hdf5Bytes, at: number, end: number): string {
  const heap = bytes.slice(at, Math.min(end - at, 4 * longestName + 1))
  const length = heap.indexOf(0)
  if (length < 0) damagedHdf5('a name has no end, or is too long', `offset ${at}`)
  return decoder.decode(heap.subarray(0, length))
}

/** Reads the links of a group in HDF5's older form: a B-tree of symbol tables, with the names in a heap. */
function readSymbols(bytes: Hdf5Bytes, at: number, add: (name: string, object: number) => void): void {
  const [tree, heap] = [bytes.address(at), bytes.address(at + 8)]
  if (tree === null || heap === null) damagedHdf5('a group has no members', `offset ${at}`)
  bytes.signature(heap, 'HEAP')
  const [heapLength, names] = [bytes.size(heap + 8), bytes.address(heap + 24)]
  if (names === null) damagedHdf5('a heap has no content', `offset ${heap}`)
  bytes.slice(names, heapLength)

  const readTable = (table: number): void => {
    bytes.signature(table, 'SNOD')
    const count = bytes.uint16(table + 6)
    bytes.budget.items(count, 'symbols')
    for (let symbol = table + 8; symbol < table + 8 + 40 * count; symbol += 40) {
      const [name, object] = [bytes.size(symbol), bytes.address(symbol + 8)]
      if (bytes.uint32(symbol + 16) === softLink || object === null) continue
      if (!(name < heapLength)) damagedHdf5('a name lies beyond its heap', `offset ${name}`)
      add(textAt(bytes, names + name, names + heapLength), object)
    }
  }
  const readNode = (node: number, expectedLevel: number | null): void => {
    bytes.signature(node, 'TREE')
    const [type, level, count] = [bytes.uint8(node + 4), bytes.uint8(node + 5), bytes.uint16(node + 6)]
    const wrong = expectedLevel === null ? level > deepest : level !== expectedLevel
    if (type !== 0 || wrong) damagedHdf5('a group has another tree', `type ${type}, level ${level} at offset ${node}`)
    bytes.budget.items(1 + count, 'trees')
    for (let child = node + 32; child < node + 32 + 16 * count; child += 16) {
      const next = bytes.address(child)
      if (next === null) damagedHdf5('a tree has no child', `offset ${child}`)
      if (level === 0) readTable(next)
      else readNode(next, level - 1)
    }
  }
  readNode(tree, null)
}

/** Reads one link of a group in HDF5's newer form. Only hard links refer to objects of this file. */
function readLink(bytes: Hdf5Bytes, at: number, add: (name: string, object: number) => void): void {
  const flags = bytes.uint8(at + 1)
  let next = at + 2
  const take = (length: number): number => {
    next += length
    return next - length
  }
  const type = flags & 8 ? bytes.uint8(take(1)) : 0
  if (flags & 4) take(8)
  if (flags & 0x10) take(1)
  const lengthBytes = 1 << (flags & 3)
  const length = bytes.uint(take(lengthBytes), lengthBytes)
  const name = bytes.slice(next, length)
  take(length)
  const object = type === 0 ? bytes.address(next) : null
  if (object !== null) add(decoder.decode(name), object)
}

/**
 * The members of a group: the offset of each header by name. Empty for an object that is not a group.
 * @throws CheckpointError if the group is damaged, or so large that its links are in a fractal heap
 */
export function readLinks(bytes: Hdf5Bytes, messages: readonly HeaderMessage[]): ReadonlyMap<string, number> {
  const links = new Map<string, number>()
  const add = (found: string, object: number): void => {
    const name = bytes.budget.name(found)
    bytes.budget.take(bytesPerValue + 2 * name.length, 'the names of its members')
    if (links.has(name)) damagedHdf5('a group has two members of one name', name)
    links.set(name, object)
  }
  for (const { type, at } of messages) {
    if (type === messageTypes.symbolTable) readSymbols(bytes, at, add)
    if (type === messageTypes.link) readLink(bytes, at, add)
    if (type === messageTypes.linkInfo) {
      const heap = bytes.address(at + 2 + (bytes.uint8(at + 1) & 1 ? 8 : 0))
      if (heap !== null) unknownHdf5('a fractal heap for the members of a group', `offset ${heap}`)
    }
  }
  return links
}
