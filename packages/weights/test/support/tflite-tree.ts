import { Builder, ByteBuffer, type Offset } from 'flatbuffers'
import { bufferAlignment, fileIdentifier } from '../../src/out/tflite/schema.js'
import type { Tree } from './structure.js'
import { bytesIn, integerIn, listIn, memberIn, numberIn, textIn } from './tree-values.js'

/** How a field of a table is stored. The field `optionsType` beside `options` says which table they are. */
type Storage =
  | 'int8'
  | 'int32'
  | 'float32'
  | 'text'
  | 'bytes'
  | 'int32s'
  | 'float32s'
  | 'int64s'
  | 'options'
  | TableSchema
  | TableList

/** The fields of a table, by the names that they have in a tree. */
interface TableSchema {
  readonly [name: string]: readonly [number: number, storage: Storage]
}

/** A vector of tables. */
interface TableList {
  readonly listOf: TableSchema
}

const quantization: TableSchema = { scale: [2, 'float32s'], zeroPoint: [3, 'int64s'], axis: [6, 'int32'] }

const tensor: TableSchema = {
  shape: [0, 'int32s'],
  type: [1, 'int8'],
  buffer: [2, 'int32'],
  name: [3, 'text'],
  quantization: [4, quantization],
}

const operator: TableSchema = {
  opcode: [0, 'int32'],
  inputs: [1, 'int32s'],
  outputs: [2, 'int32s'],
  optionsType: [3, 'int8'],
  options: [4, 'options'],
}

const model: TableSchema = {
  version: [0, 'int32'],
  operatorCodes: [1, { listOf: { old: [0, 'int8'], version: [2, 'int32'], code: [3, 'int32'] } }],
  subgraphs: [
    2,
    {
      listOf: {
        tensors: [0, { listOf: tensor }],
        inputs: [1, 'int32s'],
        outputs: [2, 'int32s'],
        operators: [3, { listOf: operator }],
      },
    },
  ],
  buffers: [4, { listOf: { data: [0, 'bytes'] } }],
}

/** Tables of options by their place in the union of all. */
const optionTables: ReadonlyMap<number, TableSchema> = new Map<number, TableSchema>([
  [1, { padding: [0, 'int8'], strideWidth: [1, 'int32'], strideHeight: [2, 'int32'], activation: [3, 'int8'] }],
  [
    2,
    {
      padding: [0, 'int8'],
      strideWidth: [1, 'int32'],
      strideHeight: [2, 'int32'],
      multiplier: [3, 'int32'],
      activation: [4, 'int8'],
    },
  ],
  [
    5,
    {
      padding: [0, 'int8'],
      strideWidth: [1, 'int32'],
      strideHeight: [2, 'int32'],
      filterWidth: [3, 'int32'],
      filterHeight: [4, 'int32'],
      activation: [5, 'int8'],
    },
  ],
  [8, { activation: [0, 'int8'] }],
  [9, { beta: [0, 'float32'] }],
  [11, { activation: [0, 'int8'] }],
  [21, { activation: [0, 'int8'] }],
  [27, { keep: [0, 'int8'] }],
  [75, { slope: [0, 'float32'] }],
])

const none: TableSchema = {}

function isList(storage: TableSchema | TableList): storage is TableList {
  return 'listOf' in storage && !Array.isArray(storage.listOf)
}

/** The elements of a vector of `size` bytes each, at a field of a table. */
function readVector<Element>(file: ByteBuffer, field: number, size: number, element: (at: number) => Element): Element[] {
  const start = file.__vector(field)
  return Array.from({ length: file.__vector_len(field) }, (_, index) => element(start + index * size))
}

function readStored(file: ByteBuffer, table: number, field: number, storage: Storage): Tree {
  switch (storage) {
    case 'int8':
      return file.readInt8(field)
    case 'int32':
      return file.readInt32(field)
    case 'float32':
      return file.readFloat32(field)
    case 'text':
      return file.__string(field) as string
    case 'bytes':
      return Uint8Array.from(readVector(file, field, 1, (at) => file.readUint8(at)))
    case 'int32s':
      return readVector(file, field, 4, (at) => file.readInt32(at))
    case 'float32s':
      return readVector(file, field, 4, (at) => file.readFloat32(at))
    case 'int64s':
      return readVector(file, field, 8, (at) => Number(file.readInt64(at)))
    case 'options': {
      const type = file.__offset(table, fieldOffset(operator.optionsType![0]))
      return readTable(file, file.__indirect(field), optionTables.get(type === 0 ? 0 : file.readInt8(table + type)) ?? none)
    }
    default:
      if (!isList(storage)) return readTable(file, file.__indirect(field), storage)
      return readVector(file, field, 4, (at) => readTable(file, file.__indirect(at), storage.listOf))
  }
}

/** Where a table notes the place of a field. */
const fieldOffset = (number: number): number => 4 + 2 * number

function readTable(file: ByteBuffer, table: number, schema: TableSchema): { readonly [name: string]: Tree } {
  return Object.fromEntries(
    Object.entries(schema).flatMap(([name, [number, storage]]) => {
      const offset = file.__offset(table, fieldOffset(number))
      return offset === 0 ? [] : [[name, readStored(file, table, table + offset, storage)]]
    }),
  )
}

/** A file of `toTflite` as a tree. */
export function tfliteTree(bytes: Uint8Array): Tree {
  const file = new ByteBuffer(bytes)
  return readTable(file, file.__indirect(0), model)
}

/** Writes a vector of values of `size` bytes. */
function writeVector(builder: Builder, values: readonly Tree[], size: number, add: (value: Tree) => void): Offset {
  builder.startVector(size, values.length, size)
  for (const value of values.toReversed()) add(value)
  return builder.endVector()
}

const int32 = (value: Tree | undefined): number => Number(BigInt.asIntN(32, integerIn(value)))

/** Writes what a field points to, before its table. Null if the field holds its value itself. */
function writePointed(builder: Builder, storage: Storage, value: Tree, holder: Tree): Offset | null {
  switch (storage) {
    case 'int8':
    case 'int32':
    case 'float32':
      return null
    case 'text':
      return builder.createString(textIn(value))
    case 'bytes': {
      const bytes = bytesIn(value)
      builder.prep(bufferAlignment, bytes.length)
      return builder.createByteVector(bytes)
    }
    case 'int32s':
      return writeVector(builder, listIn(value), 4, (element) => builder.addInt32(int32(element)))
    case 'float32s':
      return writeVector(builder, listIn(value), 4, (element) => builder.addFloat32(numberIn(element)))
    case 'int64s':
      return writeVector(builder, listIn(value), 8, (element) => builder.addInt64(integerIn(element)))
    case 'options':
      return writeTable(builder, value, optionTables.get(int32(memberIn(holder, 'optionsType'))) ?? none)
    default: {
      if (!isList(storage)) return writeTable(builder, value, storage)
      const tables = listIn(value).map((element) => writeTable(builder, element, storage.listOf))
      return writeVector(builder, tables, 4, (offset) => builder.addOffset(numberIn(offset)))
    }
  }
}

function writeTable(builder: Builder, tree: Tree, schema: TableSchema): Offset {
  const fields = Object.entries(schema).flatMap(([name, [number, storage]]) => {
    const value = memberIn(tree, name)
    return value === undefined ? [] : [{ number, storage, value, pointed: writePointed(builder, storage, value, tree) }]
  })
  builder.startObject(Math.max(0, ...fields.map(({ number }) => number + 1)))
  for (const { number, storage, value, pointed } of fields) {
    if (pointed !== null) builder.addFieldOffset(number, pointed, 0)
    else if (storage === 'int8') builder.addFieldInt8(number, int32(value), null)
    else if (storage === 'int32') builder.addFieldInt32(number, int32(value), null)
    else builder.addFieldFloat32(number, numberIn(value), null)
  }
  return builder.endObject()
}

/** The file of a tree. */
export function tfliteOf(tree: Tree): Uint8Array {
  const builder = new Builder(2 ** 14)
  builder.finish(writeTable(builder, tree, model), fileIdentifier)
  return builder.asUint8Array().slice()
}

/** The same model with its kernels as integers of 8 bits, and a scale for each output: `DYNAMIC_RANGE` of TensorFlow's converter. */
export function withIntegers(tree: Tree): Tree {
  const [graph] = listIn(memberIn(tree, 'subgraphs'))
  const buffers = [...listIn(memberIn(tree, 'buffers'))]
  const tensors = listIn(memberIn(graph, 'tensors')).map((stored): Tree => {
    const shape = listIn(memberIn(stored, 'shape')).map(numberIn)
    const place = numberIn(memberIn(stored, 'buffer'))
    const name = textIn(memberIn(stored, 'name'))
    if (!name.endsWith('/kernel')) return stored
    const values = new Float32Array(bytesIn(memberIn(buffers[place], 'data')).slice().buffer)
    // Depthwise kernels are `[1, height, width, channels]`.
    const axis = shape[0] === 1 && shape.length === 4 && shape[1] === 3 ? 3 : 0
    const channelOf = (index: number): number => (axis === 3 ? index % shape[3]! : Math.floor(index / (values.length / shape[0]!)))
    const scales = new Array<number>(shape[axis]!).fill(1e-6)
    values.forEach((value, index) => {
      scales[channelOf(index)] = Math.fround(Math.max(scales[channelOf(index)]!, Math.abs(value) / 127))
    })
    const integers = Int8Array.from(values, (value, index) => Math.round(value / scales[channelOf(index)]!))
    buffers[place] = { data: new Uint8Array(integers.buffer) }
    // `TensorType` of int8.
    return { ...(stored as object), type: 9, quantization: { scale: scales, zeroPoint: scales.map(() => 0), axis } } as Tree
  })
  return { ...(tree as object), subgraphs: [{ ...(graph as object), tensors }], buffers } as Tree
}
