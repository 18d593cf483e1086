import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

/** A field of a message: a varint, a 32-bit float, a text, bytes, or a message of fields. */
export type Field = readonly [number: number, value: number | { readonly float: number } | string | Uint8Array | readonly Field[]]

/** The bytes of a message. */
export function messageOf(fields: readonly Field[]): Uint8Array {
  const writer = new BinaryWriter()
  for (const [number, value] of fields) {
    if (typeof value === 'number') writer.tag(number, WireType.Varint).int64(value)
    else if (typeof value === 'object' && 'float' in value) writer.tag(number, WireType.Bit32).float(value.float)
    else {
      const bytes =
        typeof value === 'string' ? new TextEncoder().encode(value) : value instanceof Uint8Array ? value : messageOf(value)
      writer.tag(number, WireType.LengthDelimited).bytes(bytes)
    }
  }
  return writer.finish()
}
