import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { CheckpointError } from '../checkpoint-error.js'

/** Fields that the messages of one file may have in all, those that nobody asks for not counted: a MobileNetV2 has under 10,000. */
const mostFields = 200_000

/** Fields of the messages of one file that are passed over, each time that a message is read. Of a SavedModel they are under a million. */
const mostSkipped = 20_000_000

/** A field's value, to be read as what the schema says that it is; it is read once. */
export interface FieldValue {
  text(): string
  /** A message, or bytes. */
  bytes(): Uint8Array
  integer(): number
  /** A repeated field's value as the file has it, packed or not: varints, or numbers of 4 or 8 bytes, one after the other. */
  packed(): Uint8Array
  /** A repeated field's integers, packed or not, appended to `list`. */
  integers(list: number[]): void
  float(): number
}

/** By field number, what is done with its value. */
export type Fields = Readonly<Record<number, (value: FieldValue) => void>>

function damaged(got: string, cause?: unknown): never {
  throw new CheckpointError('The protobuf is damaged.', { got, ...(cause === undefined ? {} : { cause }) })
}

/** The varints of packed bytes, as integers. */
export function varints(bytes: Uint8Array): number[] {
  const reader = new BinaryReader(bytes)
  const list: number[] = []
  try {
    while (reader.pos < reader.len) list.push(Number(reader.int64()))
  } catch (cause) {
    damaged('an integer that has no end', cause)
  }
  return list
}

/** Reads messages of one file. */
export type MessageReader = (bytes: Uint8Array, fields: Fields) => void

/**
 * Starts the reading of a file: the messages that the reader is given share a limit of fields. Fields that are not asked for are
 * skipped.
 * @param most of fields
 * @throws CheckpointError, as the reader does, where a message is damaged or a field has another type than it is read as
 */
export function startMessages(most: number = mostFields): MessageReader {
  let left = most
  let skipsLeft = mostSkipped
  return (bytes, fields) => {
    const reader = new BinaryReader(bytes)
    /** What the library throws is of several classes: all of them mean that the bytes are damaged. */
    const guarded = <Value>(read: () => Value): Value => {
      try {
        return read()
      } catch (cause) {
        return damaged(`offset ${reader.pos} of a message of ${bytes.length} bytes`, cause)
      }
    }
    while (reader.pos < reader.len) {
      const [number, wire] = guarded(() => reader.tag())
      const use = fields[number]
      if (use === undefined) {
        skipsLeft -= 1
        if (skipsLeft < 0) damaged(`over ${mostSkipped} fields that no model has`)
        guarded(() => reader.skip(wire, number))
        continue
      }
      left -= 1
      if (left < 0) damaged(`over ${most} fields`)
      const read = <Value>(expected: WireType, value: () => Value): Value =>
        wire === expected ? guarded(value) : damaged(`field ${number} of another type`)
      let used = false
      const once = <Value>(value: () => Value): Value => {
        used = true
        return value()
      }
      const packed = (): Uint8Array =>
        guarded(() => (wire === WireType.LengthDelimited ? reader.bytes() : reader.skip(wire, number)))
      use({
        text: () => once(() => read(WireType.LengthDelimited, () => reader.string())),
        bytes: () => once(() => read(WireType.LengthDelimited, () => reader.bytes())),
        integer: () => once(() => read(WireType.Varint, () => Number(reader.int64()))),
        float: () => once(() => read(WireType.Bit32, () => reader.float())),
        packed: () => once(packed),
        integers: (list) =>
          once(() => {
            if (wire === WireType.LengthDelimited) for (const value of varints(guarded(() => reader.bytes()))) list.push(value)
            else list.push(read(WireType.Varint, () => Number(reader.int64())))
          }),
      })
      if (!used) guarded(() => reader.skip(wire, number))
    }
  }
}
