import { Inflate } from 'fflate'
import { CheckpointError } from '../../checkpoint-error.js'
import type { Budget } from '../budget.js'
import { inflate } from '../inflate.js'
import { findEnd } from './end.js'

const end64Signature = 0x06064b50
const end64LocatorSignature = 0x07064b50
const entrySignature = 0x02014b50
const localSignature = 0x04034b50

const entryLength = 46
const localLength = 30
const end64Length = 56
const end64LocatorLength = 20

/** The value of a field whose real value is in the zip64 extra. */
const elsewhere = 0xffffffff
const zip64Extra = 1

/** Bytes that a JavaScript engine needs for an entry of this reader, rounded up. */
const bytesPerEntry = 1024

/** A file in a zip. It is unpacked when it is read. */
export interface ZipEntry {
  readonly name: string
  /** Its bytes after unpacking, as the zip claims. */
  readonly size: number
  /** Unpacks it. The result is a view of the zip if the entry is not compressed. */
  read(): Uint8Array
}

function refuse(what: string, got: string): never {
  throw new CheckpointError(`The zip is damaged: ${what}.`, { got })
}

/** A zip64 field as a number; no file is longer than 2^53 bytes. */
function large(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true))
}

/** The offset of the directory, and its number of entries. */
function readEnd(view: DataView): { at: number; count: number } {
  const end = findEnd(view)
  if (end < 0) refuse('it has no end record', `${view.byteLength} bytes`)
  const locator = end - end64LocatorLength
  if (locator >= 0 && view.getUint32(locator, true) === end64LocatorSignature) {
    const end64 = large(view, locator + 8)
    if (end64 + end64Length > view.byteLength || view.getUint32(end64, true) !== end64Signature) {
      refuse('its zip64 end record is not where it should be', `offset ${end64}`)
    }
    return { at: large(view, end64 + 48), count: large(view, end64 + 32) }
  }
  return { at: view.getUint32(end + 16, true), count: view.getUint16(end + 10, true) }
}

/** The sizes and the offset of an entry, from the zip64 extra if they do not fit the entry's own fields. */
function readSizes(view: DataView, at: number, extra: number, extraEnd: number): { packed: number; size: number; local: number } {
  let [size, packed, local] = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)]
  for (let field = extra; field + 4 <= extraEnd; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== zip64Extra) continue
    let value = field + 4
    const next = (): number => {
      if (value + 8 > extraEnd) refuse('a zip64 field is cut off', `offset ${value}`)
      value += 8
      return large(view, value - 8)
    }
    if (size === elsewhere) size = next()
    if (packed === elsewhere) packed = next()
    if (local === elsewhere) local = next()
    break
  }
  return { packed, size, local }
}

/**
 * The entries of a zip by name. They are unpacked when they are read. Offsets and sizes are checked against the file, and inflated bytes
 * are spent from `budget`. Checksums are not compared, because PyTorch can be told to write none.
 * @throws CheckpointError if the directory is damaged; `read` if an entry is
 */
export function readZip(bytes: Uint8Array, budget: Budget): ReadonlyMap<string, ZipEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries = new Map<string, ZipEntry>()
  const directory = readEnd(view)
  budget.take(directory.count * bytesPerEntry, 'the entries of a zip')
  const decoder = new TextDecoder()
  let { at } = directory
  for (let index = 0; index < directory.count; index++) {
    if (!(at + entryLength <= bytes.length) || view.getUint32(at, true) !== entrySignature) {
      refuse(`entry ${index} of its directory is not where it should be`, `offset ${at}`)
    }
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)]
    const extra = at + entryLength + view.getUint16(at + 28, true)
    const extraEnd = extra + view.getUint16(at + 30, true)
    const next = extraEnd + view.getUint16(at + 32, true)
    if (next > bytes.length) refuse(`entry ${index} of its directory is cut off`, `offset ${next}`)
    const name = budget.name(decoder.decode(bytes.subarray(at + entryLength, extra)))
    const { packed, size, local } = readSizes(view, at, extra, extraEnd)
    if (entries.has(name)) refuse('two entries have one name', name)
    at = next

    const read = (): Uint8Array => {
      if (flags & 1) refuse(`${name} is encrypted`, `flags ${flags}`)
      if (!(local + localLength <= bytes.length) || view.getUint32(local, true) !== localSignature) {
        refuse(`${name} is not where it should be`, `offset ${local}`)
      }
      const start = local + localLength + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
      if (!(start + packed <= bytes.length)) refuse(`${name} is cut off`, `${packed} bytes from offset ${start} of ${bytes.length}`)
      const content = bytes.subarray(start, start + packed)
      if (method === 0) return packed === size ? content : refuse(`${name} has two sizes`, `${packed} and ${size}`)
      if (method !== 8) refuse(`${name} is packed in a way that is not known`, `method ${method}`)
      budget.take(size, name)
      const refuseSize = (extent: string, got: string) => refuse(`${name} inflates to ${extent} than it claims`, got)
      return inflate(Inflate, content, size, refuseSize, `The zip is damaged: ${name} cannot be inflated.`)
    }
    entries.set(name, { name, size, read })
  }
  return entries
}
