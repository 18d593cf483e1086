import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { CheckpointError } from '../checkpoint-error.js'
import { type Budget, bytesPerValue } from './budget.js'

/** Bytes that a JavaScript engine needs for a view of bytes, rounded up. */
const bytesPerView = 192

/** The value of a field. It is read once, as the type that the schema states. */
export interface FieldValue {
  text(): string
  /** A text that is a name, whose length is checked. */
  name(): string
  /** A message, or bytes. */
  bytes(): Uint8Array
  integer(): number
  /** The bytes of a repeated field, packed or not: varints, or numbers of 4 or 8 bytes. */
  packed(): Uint8Array
  /** Appends the integers of a repeated field, packed or not, to `list`. */
  integers(list: number[]): void
  float(): number
}

/** What is done with the value of each field, by field number. */
export type Fields = Readonly<Record<number, (value: FieldValue) => void>>

function damaged(got: string, cause?: unknown): never {
  throw new CheckpointError('The protobuf is damaged.', { got, ...(cause === undefined ? {} : { cause }) })
}

/** How many varints there are in packed bytes. */
function countVarints(packed: Uint8Array): number {
  return packed.reduce((count, byte) => (byte < 0x80 ? count + 1 : count), 0)
}

/** Calls `use` with each varint of packed bytes, as a signed integer of 64 bits. */
function eachVarint(packed: Uint8Array, use: (value: number, index: number) => void): void {
  let at = 0
  let isAtEnd = false
  /** The next bits of a varint, 7 from each of up to `most` bytes. `isAtEnd` becomes true with its last byte. */
  const bits = (most: number): number => {
    let value = 0
    for (let read = 0; read < most && !isAtEnd; read++) {
      const byte = packed[at++] ?? damaged('an integer that has no end')
      value |= (byte & 0x7f) << (7 * read)
      isAtEnd = byte < 0x80
    }
    return value
  }
  for (let index = 0; at < packed.length; index++) {
    isAtEnd = false
    const [low, middle, high] = [bits(4), bits(4), bits(2)]
    if (!isAtEnd) damaged('an integer that has no end')
    const isNegative = (high & 0x80) !== 0
    // The bits of a negative number are inverted before they are added, since a float has 53 of them.
    const whole = isNegative
      ? -((0xff - (high & 0xff)) * 2 ** 56 + (0xfffffff - middle) * 2 ** 28 + (0xfffffff - low) + 1)
      : high * 2 ** 56 + middle * 2 ** 28 + low
    use(whole, index)
  }
}

/** The varints of packed bytes as little-endian integers of `size` bytes. */
export function fixedWidth(packed: Uint8Array, size: number, budget: Budget, what: string): Uint8Array {
  const length = countVarints(packed) * size
  budget.take(length, what)
  const values = new Uint8Array(length)
  const view = new DataView(values.buffer)
  eachVarint(packed, (value, index) => {
    if (size === 8) view.setBigInt64(8 * index, BigInt(value), true)
    else if (size === 4) view.setInt32(4 * index, value, true)
    else if (size === 2) view.setInt16(2 * index, value, true)
    else view.setInt8(index, value)
  })
  return values
}

/** A function that reads the messages of one file. */
export type MessageReader = (bytes: Uint8Array, fields: Fields) => void

/**
 * Makes the reader of a file's messages. The fields of a message are spent from the budget each time that it is read. Fields that
 * are not asked for are skipped.
 * @throws CheckpointError if a message is damaged, or a field has another type than it is read as; so does the reader
 */
export function startMessages(budget: Budget): MessageReader {
  return (bytes, fields) => {
    const reader = new BinaryReader(bytes)
    /** The library throws errors of several classes. All mean that the bytes are damaged. */
    const guarded = <Value>(read: () => Value): Value => {
      try {
        return read()
      } catch (cause) {
        return damaged(`offset ${reader.pos} of a message of ${bytes.length} bytes`, cause)
      }
    }
    while (reader.pos < reader.len) {
      const [number, wire] = guarded(() => reader.tag())
      budget.items(1, 'fields')
      const use = fields[number]
      if (use === undefined) {
        guarded(() => reader.skip(wire, number))
        continue
      }
      const read = <Value>(expected: WireType, value: () => Value): Value =>
        wire === expected ? guarded(value) : damaged(`field ${number} of another type`)
      let used = false
      const once = <Value>(value: () => Value): Value => {
        used = true
        return value()
      }
      const packed = (): Uint8Array =>
        guarded(() => (wire === WireType.LengthDelimited ? reader.bytes() : reader.skip(wire, number)))
      const text = (): string => {
        const found = read(WireType.LengthDelimited, () => reader.string())
        budget.take(bytesPerValue + 2 * found.length, 'texts')
        return found
      }
      use({
        text: () => once(text),
        name: () => budget.name(once(text)),
        bytes: () => {
          budget.take(bytesPerView, 'messages')
          return once(() => read(WireType.LengthDelimited, () => reader.bytes()))
        },
        integer: () => once(() => read(WireType.Varint, () => Number(reader.int64()))),
        float: () => once(() => read(WireType.Bit32, () => reader.float())),
        packed: () => once(packed),
        integers: (list) =>
          once(() => {
            if (wire !== WireType.LengthDelimited) {
              list.push(read(WireType.Varint, () => Number(reader.int64())))
              return
            }
            const content = guarded(() => reader.bytes())
            budget.items(content.length, 'integers')
            eachVarint(content, (value) => list.push(value))
          }),
      })
      if (!used) guarded(() => reader.skip(wire, number))
    }
  }
}
