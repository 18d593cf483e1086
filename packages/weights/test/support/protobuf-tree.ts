import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import type { Tree } from './structure.js'
import { bytesIn, integerIn, listIn, memberIn, numberIn, textIn } from './tree-values.js'

/** How a field is stored; a message is its own fields. `integers` are packed. */
type Storage = 'integer' | 'float' | 'text' | 'bytes' | 'integers' | ProtobufSchema

/** The fields of a message, by their names in a tree. In the tree each field is a list, because a message may repeat a field. */
export interface ProtobufSchema {
  readonly [name: string]: readonly [number: number, storage: Storage]
}

function readField(reader: BinaryReader, storage: Storage): Tree {
  switch (storage) {
    case 'integer':
      return Number(reader.int64())
    case 'float':
      return reader.float()
    case 'text':
      return reader.string()
    case 'bytes':
      return reader.bytes()
    case 'integers': {
      const packed = new BinaryReader(reader.bytes())
      const values: number[] = []
      while (packed.pos < packed.len) values.push(Number(packed.int64()))
      return values
    }
    default:
      return protobufTree(reader.bytes(), storage)
  }
}

/** A message as a tree; fields that the schema does not have are left out. */
export function protobufTree(bytes: Uint8Array, schema: ProtobufSchema): { readonly [name: string]: Tree[] } {
  const reader = new BinaryReader(bytes)
  const tree: Record<string, Tree[]> = {}
  const names = new Map(Object.entries(schema).map(([name, [number]]) => [number, name]))
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag()
    const name = names.get(number)
    if (name === undefined) {
      reader.skip(type)
      continue
    }
    tree[name] ??= []
    tree[name].push(readField(reader, schema[name]![1]))
  }
  return tree
}

function writeField(writer: BinaryWriter, number: number, storage: Storage, value: Tree): void {
  switch (storage) {
    case 'integer':
      writer.tag(number, WireType.Varint).int64(integerIn(value))
      break
    case 'float':
      writer.tag(number, WireType.Bit32).float(Math.fround(numberIn(value)))
      break
    case 'text':
      writer.tag(number, WireType.LengthDelimited).string(textIn(value))
      break
    case 'bytes':
      writer.tag(number, WireType.LengthDelimited).bytes(bytesIn(value))
      break
    case 'integers':
      writer.tag(number, WireType.LengthDelimited).fork()
      for (const integer of listIn(value)) writer.int64(integerIn(integer))
      writer.join()
      break
    default:
      writer.tag(number, WireType.LengthDelimited).bytes(protobufOf(value, storage))
  }
}

const known = new WeakMap<ProtobufSchema, WeakMap<object, Uint8Array>>()

/** The bytes of a message. They are remembered: most messages of a changed tree are those of the tree that was changed. */
export function protobufOf(tree: Tree, schema: ProtobufSchema): Uint8Array {
  if (tree === null || typeof tree !== 'object') return new Uint8Array()
  const ofSchema = known.get(schema) ?? new WeakMap<object, Uint8Array>()
  known.set(schema, ofSchema)
  const bytes = ofSchema.get(tree) ?? encoded(tree, schema)
  ofSchema.set(tree, bytes)
  return bytes
}

function encoded(tree: Tree, schema: ProtobufSchema): Uint8Array {
  const writer = new BinaryWriter()
  for (const [name, [number, storage]] of Object.entries(schema)) {
    for (const value of listIn(memberIn(tree, name))) writeField(writer, number, storage, value)
  }
  return writer.finish()
}
