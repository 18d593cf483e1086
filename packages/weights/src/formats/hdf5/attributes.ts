import { valueCount } from '../../checkpoint.js'
import { bytesPerValue } from '../budget.js'
import { readDataspace } from './dataspace.js'
import { readDatatype } from './datatype.js'
import { damagedHdf5, type Hdf5Bytes, unknownHdf5 } from './hdf5-bytes.js'
import { type HeaderMessage, messageTypes } from './object-header.js'

const decoder = new TextDecoder()

/** A text without its padding. */
function unpadded(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end))
}

/** The bytes of an object in a global heap. Each has a header of 16 bytes, and is padded to a multiple of 8. */
function heapObject(bytes: Hdf5Bytes, collection: number, index: number): Uint8Array {
  bytes.signature(collection, 'GCOL')
  const end = collection + bytes.size(collection + 8)
  bytes.slice(collection, end - collection)
  for (let at = collection + 16; at + 16 <= end; ) {
    bytes.budget.items(1, 'heaps')
    const [found, length] = [bytes.uint16(at), bytes.size(at + 8)]
    if (found === 0) break
    if (!(at + 16 + length <= end)) damagedHdf5('a text is longer than its heap', `${length} bytes at offset ${at}`)
    if (found === index) return bytes.slice(at + 16, length)
    at += 16 + 8 * Math.ceil(length / 8)
  }
  return damagedHdf5('a text is not in its heap', `object ${index} of the heap at offset ${collection}`)
}

/** The offsets of the parts of an attribute message (section IV.A.2.m of the HDF5 file format specification). */
function partsOf(bytes: Hdf5Bytes, at: number): { name: string; datatype: number; dataspace: number; value: number } {
  const version = bytes.uint8(at)
  if (version < 1 || version > 3) unknownHdf5('an attribute of another version', String(version))
  if (version > 1 && bytes.uint8(at + 1) !== 0) unknownHdf5('an attribute of a committed datatype', `offset ${at}`)
  const padded = (length: number): number => (version === 1 ? 8 * Math.ceil(length / 8) : length)
  const [nameLength, datatypeLength, dataspaceLength] = [bytes.uint16(at + 2), bytes.uint16(at + 4), bytes.uint16(at + 6)]
  const name = at + (version === 3 ? 9 : 8)
  const datatype = name + padded(nameLength)
  const dataspace = datatype + padded(datatypeLength)
  return { name: unpadded(bytes.slice(name, nameLength)), datatype, dataspace, value: dataspace + padded(dataspaceLength) }
}

/**
 * The texts of an object's attribute; a scalar has one text. Null if there is no such attribute, or its values are numbers.
 * @throws CheckpointError if it is damaged
 */
export function readTexts(bytes: Hdf5Bytes, messages: readonly HeaderMessage[], name: string): readonly string[] | null {
  for (const { type, at, shared, length } of messages) {
    if (type === messageTypes.attributeInfo) {
      const heap = bytes.address(at + 2 + (bytes.uint8(at + 1) & 1 ? 2 : 0))
      if (heap !== null) unknownHdf5('a fractal heap for the attributes of an object', `offset ${heap}`)
    }
    if (type !== messageTypes.attribute) continue
    bytes.budget.items(1 + length / 16, 'attributes')
    if (shared) unknownHdf5('a shared attribute', `offset ${at}`)
    const parts = partsOf(bytes, at)
    if (parts.name !== name) continue
    const datatype = readDatatype(bytes, parts.datatype)
    if (datatype.kind !== 'text' && datatype.kind !== 'heapText') return null
    const count = valueCount(readDataspace(bytes, parts.dataspace))
    bytes.budget.items(count, `the attribute ${name}`)
    bytes.slice(parts.value, count * datatype.size)
    return Array.from({ length: count }, (_, index) => {
      const element = parts.value + index * datatype.size
      const stored =
        datatype.kind === 'text'
          ? bytes.slice(element, datatype.size)
          : heapObject(
              bytes,
              bytes.address(element + 4) ?? damagedHdf5('a text has no address', `offset ${element}`),
              bytes.uint32(element + 12),
            ).subarray(0, bytes.uint32(element))
      // A text in JavaScript takes up to two bytes for each of the file's.
      bytes.budget.take(bytesPerValue + 2 * stored.length, `the attribute ${name}`)
      return unpadded(stored)
    })
  }
  return null
}
