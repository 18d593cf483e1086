import { bytesPerValue } from '../budget.js'
import { damagedHdf5, type Hdf5Bytes, unknownHdf5 } from './hdf5-bytes.js'

/** Types of header messages (section IV.A.2 of the HDF5 file format specification) that this reader knows. */
export const messageTypes = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const

/** A message in an object's header, by the offset of its content. */
export interface HeaderMessage {
  readonly type: number
  /** Whether this is only a reference to the content, which is elsewhere. */
  readonly shared: boolean
  readonly at: number
  readonly length: number
}

const sharedFlag = 2

/** A block of messages with their headers. */
interface Block {
  readonly at: number
  readonly length: number
}

function collect(
  bytes: Hdf5Bytes,
  first: Block,
  continued: (block: Block) => Block,
  messageAt: (at: number) => { readonly type: number; readonly length: number; readonly flags: number; readonly header: number },
  headerLength: number,
): HeaderMessage[] {
  const messages: HeaderMessage[] = []
  const blocks = [first]
  const seen = new Set<number>()
  for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
    const { at: start, length } = block
    if (seen.has(start)) damagedHdf5('a header continues in itself', `offset ${start}`)
    seen.add(start)
    bytes.slice(start, length)
    // If less than a message's header is left, it is a gap.
    for (let at = start; at + headerLength <= start + length; ) {
      bytes.budget.items(1, 'headers')
      const message = messageAt(at)
      const content = at + message.header
      if (content + message.length > start + length) damagedHdf5('a message is longer than its header', `offset ${at}`)
      if (message.type === messageTypes.continuation) {
        const next = bytes.address(content)
        if (next === null) damagedHdf5('the continuation of a header has no address', `offset ${at}`)
        blocks.push(continued({ at: next, length: bytes.size(content + 8) }))
      } else if (message.type !== 0) {
        bytes.budget.take(bytesPerValue, 'headers')
        messages.push({ type: message.type, shared: (message.flags & sharedFlag) !== 0, at: content, length: message.length })
      }
      at = content + message.length
    }
  }
  return messages
}

/** Version 1, which HDF5 writes unless told otherwise. */
function readVersion1(bytes: Hdf5Bytes, at: number): HeaderMessage[] {
  const headerLength = 8
  return collect(
    bytes,
    { at: at + 16, length: bytes.uint32(at + 8) },
    (block) => block,
    (from) => ({ type: bytes.uint16(from), length: bytes.uint16(from + 2), flags: bytes.uint8(from + 4), header: headerLength }),
    headerLength,
  )
}

/** Version 2, of HDF5's newer file format; checksums are not compared. */
function readVersion2(bytes: Hdf5Bytes, at: number): HeaderMessage[] {
  bytes.signature(at, 'OHDR')
  const version = bytes.uint8(at + 4)
  if (version !== 2) unknownHdf5('an object header of another version', String(version))
  const flags = bytes.uint8(at + 5)
  const sizeBytes = 1 << (flags & 3)
  const size = at + 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0)
  const headerLength = flags & 4 ? 6 : 4
  const [signatureLength, checksumLength] = [4, 4]
  return collect(
    bytes,
    { at: size + sizeBytes, length: bytes.uint(size, sizeBytes) },
    (block) => {
      bytes.signature(block.at, 'OCHK')
      return { at: block.at + signatureLength, length: block.length - signatureLength - checksumLength }
    },
    (from) => ({ type: bytes.uint8(from), length: bytes.uint16(from + 1), flags: bytes.uint8(from + 3), header: headerLength }),
    headerLength,
  )
}

/**
 * The messages of the object whose header is at `at`.
 * @throws CheckpointError if the header is damaged, or of a version that is not read
 */
export function readObjectHeader(bytes: Hdf5Bytes, at: number): readonly HeaderMessage[] {
  const version = bytes.uint8(at)
  if (version === 1) return readVersion1(bytes, at)
  if (version === 'O'.charCodeAt(0)) return readVersion2(bytes, at)
  return unknownHdf5('an object header of another version', `${version} at offset ${at}`)
}
