import {
  bytesPerValue,
  type CheckpointContent,
  type Quantization,
  type StoredTensor,
  type TensorType,
  valueCount,
} from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { assembleGraph } from '../graph/assemble-graph.js'
import type { Graph } from '../graph/graph.js'
import { type FlatbufferTable, readFlatbuffer } from './flatbuffer.js'
import { readTfliteMetadata } from './tflite-metadata.js'
import { tfliteNodes } from './tflite-nodes.js'

/** Fields of the tables in TensorFlow Lite's `schema.fbs`, by their order. */
const model = { operatorCodes: 1, subgraphs: 2, description: 3, buffers: 4, metadata: 6 } as const
const operatorCode = { deprecatedBuiltin: 0, builtin: 3 } as const
const subgraph = { tensors: 0, inputs: 1, operators: 3 } as const
const tensor = { shape: 0, type: 1, buffer: 2, name: 3, quantization: 4 } as const
const quantizationParameters = { scale: 2, zeroPoint: 3, axis: 6 } as const
const buffer = { data: 0, offset: 1 } as const
const metadata = { name: 0, buffer: 1 } as const

/** `TensorType` of the schema. */
const types: readonly (TensorType | null)[] = [
  'float32',
  'float16',
  'int32',
  'uint8',
  'int64',
  null,
  'bool',
  'int16',
  null,
  'int8',
  'float64',
]

/** A tensor of the file's one subgraph. */
export interface TfliteTensor {
  /** Unique in the file. */
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: TensorType
  readonly quantization: Quantization | null
  /** Null for an activation, and for a constant of a type that holds no parameters. */
  readonly constant: StoredTensor | null
}

/** An operator, with indices into the tensors; -1 for an input that is left out. */
export interface TfliteOperator {
  readonly code: number
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  readonly options: FlatbufferTable | null
}

function readQuantization(table: FlatbufferTable | null, name: string): Quantization | null {
  const scales = table?.float32s(quantizationParameters.scale) ?? []
  if (table === null || scales.length === 0) return null
  const zeroPoints = table.int64s(quantizationParameters.zeroPoint)
  if (zeroPoints.length !== scales.length && zeroPoints.length > 1) {
    throw new CheckpointError('A tensor has scales and zero points of two lengths.', {
      tensor: name,
      expected: `${scales.length} zero points`,
      got: String(zeroPoints.length),
    })
  }
  return { scales, zeroPoints: zeroPoints.length === 0 ? [0] : zeroPoints, axis: table.int32(quantizationParameters.axis, 0) }
}

function readConstant(
  name: string,
  shape: readonly number[],
  type: number,
  quantization: Quantization | null,
  data: Uint8Array,
): StoredTensor | null {
  const dtype = types[type] ?? null
  if (dtype === null || data.length === 0) return null
  const length = valueCount(shape) * bytesPerValue[dtype]
  if (data.length !== length) {
    throw new CheckpointError('A tensor does not have the bytes that its shape needs.', {
      tensor: name,
      expected: `${length} bytes: [${shape.join(', ')}] of ${dtype}`,
      got: String(data.length),
    })
  }
  return { name, shape, dtype, bytes: data, quantization }
}

function readTensors(tables: readonly FlatbufferTable[], buffers: readonly FlatbufferTable[]): TfliteTensor[] {
  const names = new Set<string>()
  return tables.map((table, index) => {
    const stored = table.text(tensor.name) ?? ''
    const name = stored === '' || names.has(stored) ? `${stored}#${index}` : stored
    names.add(name)
    const shape = table.int32s(tensor.shape)
    if (shape.some((extent) => extent < -1)) {
      throw new CheckpointError('A tensor has a negative extent.', { tensor: name, got: `[${shape.join(', ')}]` })
    }
    const quantization = readQuantization(table.table(tensor.quantization), name)
    const place = buffers[table.uint32(tensor.buffer, 0)]
    if (place === undefined) throw new CheckpointError('A tensor is in a buffer that is not there.', { tensor: name })
    if (place.uint64(buffer.offset) > 1n) {
      throw new CheckpointError('A tensor lies outside of the flatbuffer.', {
        tensor: name,
        remedy: 'Only files over 2 GB are written so, which no MobileNetV2 is.',
      })
    }
    const constant = readConstant(name, shape, table.int8(tensor.type, 0), quantization, place.bytes(buffer.data))
    return { name, shape, dtype: types[table.int8(tensor.type, 0)] ?? 'float32', quantization, constant }
  })
}

/** The extents of the network's input, `[batch, height, width, 3]`, of which the converter may leave all but the last open. */
function readInput(input: TfliteTensor): Pick<Graph['input'], 'height' | 'width'> {
  const [, height, width, channels] = input.shape
  if (input.shape.length !== 4 || channels !== 3) {
    throw new CheckpointError("The network's input is not pictures.", {
      tensor: input.name,
      expected: '[batch, height, width, 3]',
      got: `[${input.shape.join(', ')}]`,
    })
  }
  const known = (extent: number | undefined): number | null => (extent === undefined || extent <= 1 ? null : extent)
  return { height: known(height), width: known(width) }
}

/**
 * Reads a TensorFlow Lite model: float, or with integers of one scale or one a channel. Labels and the declared normalisation come
 * from its metadata.
 * @throws CheckpointError if the file is damaged, or has operators that no MobileNetV2 has
 */
export async function readTflite(bytes: Uint8Array): Promise<CheckpointContent> {
  const root = readFlatbuffer(bytes)
  const [graph, another] = root.tables(model.subgraphs)
  if (graph === undefined || another !== undefined) throw new CheckpointError('The model does not have one subgraph.')
  const buffers = root.tables(model.buffers)
  const tensors = readTensors(graph.tables(subgraph.tensors), buffers)
  const [inputIndex, second] = graph.int32s(subgraph.inputs)
  const input = tensors[inputIndex ?? -1]
  if (input === undefined || second !== undefined) throw new CheckpointError('The model does not have one input.')

  const codes = root
    .tables(model.operatorCodes)
    .map((code) => Math.max(code.int8(operatorCode.deprecatedBuiltin, 0), code.int32(operatorCode.builtin, 0)))
  const operators = graph.tables(subgraph.operators).map((operator): TfliteOperator => {
    const code = codes[operator.uint32(0, 0)]
    if (code === undefined) throw new CheckpointError('An operator has a code that is not there.')
    return { code, inputs: operator.int32s(1), outputs: operator.int32s(2), options: operator.table(4) }
  })
  const { nodes, biases } = tfliteNodes(tensors, operators)

  const found = await readTfliteMetadata(bytes, (name) => {
    const entry = root.tables(model.metadata).find((table) => table.text(metadata.name) === name)
    return entry === undefined ? null : (buffers[entry.uint32(metadata.buffer, 0)]?.bytes(buffer.data) ?? null)
  })
  const stored = new Map<string, StoredTensor>()
  for (const { constant } of tensors) if (constant !== null) stored.set(constant.name, biases.get(constant.name) ?? constant)
  const description = root.text(model.description)
  return {
    format: 'tflite',
    tensors: stored,
    graph: assembleGraph(
      {
        name: input.name,
        ...readInput(input),
        quantization: input.quantization && { ...input.quantization, dtype: input.dtype },
        normalization: found.normalization,
      },
      nodes,
    ),
    metadata: {
      ...(description === null ? {} : { description }),
      ...(found.labels === null ? {} : { labels: found.labels }),
      ...found.texts,
    },
  }
}
