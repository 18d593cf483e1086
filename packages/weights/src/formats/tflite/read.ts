import { ahead } from '../../ahead.js'
import {
  bytesPerValue,
  type CheckpointContent,
  descriptionKey,
  isShape,
  type Quantization,
  type StoredTensor,
  type TensorType,
  valueCount,
} from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import { assembleGraph } from '../../graph/assemble-graph.js'
import { type Axes, assumedExtent, mapAxes } from '../../graph/axes.js'
import type { Graph } from '../../graph/graph.js'
import { refuseMissing } from '../../graph/refuse-missing.js'
import type { Budget } from '../budget.js'
import { type FlatbufferTable, readFlatbuffer } from '../flatbuffer.js'
import { hasZip } from '../zip/end.js'
import { readTfliteMetadata } from './metadata.js'
import { tfliteNodes } from './nodes.js'
import { customOperator, optionsTypes, tfliteOperatorName } from './operators.js'

/** Fields of the tables in TensorFlow Lite's `schema.fbs`, by their order. */
const model = { operatorCodes: 1, subgraphs: 2, description: 3, buffers: 4, metadata: 6 } as const
const operatorCode = { deprecatedBuiltin: 0, custom: 1, builtin: 3 } as const
const subgraph = { tensors: 0, inputs: 1, outputs: 2, operators: 3 } as const
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

/** The index for an input that is left out. */
const leftOut = -1

/** A tensor of the file's first subgraph. */
export interface TfliteTensor {
  /** Unique in the file. */
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: TensorType
  readonly quantization: Quantization | null
  /** Null for an activation, and for a constant whose type no parameter can have. */
  readonly constant: StoredTensor | null
}

/** An operator, with indices into the tensors; -1 for an input that is left out. */
export interface TfliteOperator {
  /** Its name in the schema. A custom operator has the name that the file states. */
  readonly name: string
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

function readTensors(tables: readonly FlatbufferTable[], buffers: readonly FlatbufferTable[], budget: Budget): TfliteTensor[] {
  budget.parts(tables.length, 'tensors')
  const names = new Set<string>()
  return tables.map((table, index) => {
    const stored = budget.name(table.text(tensor.name) ?? '')
    const name = stored === '' || names.has(stored) ? `${stored}#${index}` : stored
    names.add(name)
    const shape = table.int32s(tensor.shape)
    // The converter writes an open extent as -1.
    if (!isShape(shape.map((extent) => (extent === -1 ? 1 : extent)))) {
      throw new CheckpointError('A tensor has an impossible shape.', { tensor: name, got: `[${shape.slice(0, 8).join(', ')}]` })
    }
    const quantization = readQuantization(table.table(tensor.quantization), name)
    const place = buffers[table.uint32(tensor.buffer, 0)]
    if (place === undefined) throw new CheckpointError('A tensor is in a buffer that does not exist.', { tensor: name })
    if (place.uint64(buffer.offset) > 1n) {
      throw new CheckpointError('A tensor is outside the flatbuffer.', {
        tensor: name,
        remedy: 'Only files over 2 GB store tensors outside, and no MobileNetV2 is that large.',
      })
    }
    const constant = readConstant(name, shape, table.int8(tensor.type, 0), quantization, place.bytes(buffer.data))
    return { name, shape, dtype: types[table.int8(tensor.type, 0)] ?? 'float32', quantization, constant }
  })
}

/** The extents of the network's input, `[batch, height, width, channels]`. Those that the converter leaves open are null. */
function readExtents({ name, shape }: TfliteTensor): { height: number | null; width: number | null; axes: Axes } {
  const [batch, height, width, channels] = shape
  const first = channels !== undefined && channels > 4 && (height === 1 || height === 3)
  if (shape.length !== 4 || !(first || (channels !== undefined && channels >= 1 && channels <= 4))) {
    throw new CheckpointError("The network's input is not pictures.", {
      tensor: name,
      expected: '[batch, height, width, 3]',
      got: `[${shape.slice(0, 8).join(', ')}]`,
    })
  }
  const known = (extent: number | undefined): number | null => (extent === undefined || extent <= 1 ? null : extent)
  const [rows, columns, depth] = first ? [width, channels, height] : [height, width, channels]
  const extents = { N: Math.max(batch!, 1), C: depth!, H: known(rows) ?? assumedExtent, W: known(columns) ?? assumedExtent }
  return { height: known(rows), width: known(columns), axes: mapAxes(first ? 'NCHW' : 'NHWC', extents) }
}

/** The type and scale of a tensor of integers. Integers without a scale are the numbers themselves. Null for floats. */
function integersOf({ dtype, quantization }: TfliteTensor): Graph['input']['quantization'] {
  if (quantization !== null) return { ...quantization, dtype }
  return dtype.startsWith('float') ? null : { scales: [1], zeroPoints: [0], axis: 0, dtype }
}

/**
 * Reads a TensorFlow Lite model of floats, or of integers with one scale or one for each channel. Labels and the normalisation come from
 * its metadata.
 * @throws CheckpointError if the file is damaged, or has operators that no MobileNetV2 has
 */
export async function readTflite(bytes: Uint8Array, budget: Budget): Promise<CheckpointContent> {
  const root = readFlatbuffer(bytes, budget)
  // The other subgraphs initialise what the first one uses, or are called by it.
  const [graph] = root.tables(model.subgraphs)
  if (graph === undefined) throw new CheckpointError('The model has no subgraph.')
  const buffers = root.tables(model.buffers)
  const tensors = readTensors(graph.tables(subgraph.tensors), buffers, budget)
  const quantized = tensors.some(({ dtype, quantization }) => quantization !== null && /^u?int(8|16)$/.test(dtype))
  if (quantized) ahead(import('./integers.js'), import('../../to-integers.js'))
  if (hasZip(bytes)) ahead(import('../zip/read.js'))
  const [inputIndex, second] = graph.int32s(subgraph.inputs)
  const input = tensors[inputIndex ?? -1]
  if (input === undefined || second !== undefined) throw new CheckpointError('The model does not have one input.')

  const names = root.tables(model.operatorCodes).map((code) => {
    const name = tfliteOperatorName(Math.max(code.int8(operatorCode.deprecatedBuiltin, 0), code.int32(operatorCode.builtin, 0)))
    return name === customOperator ? budget.name(code.text(operatorCode.custom) ?? name) : name
  })
  const operators = graph.tables(subgraph.operators).map((operator): TfliteOperator => {
    budget.parts(1, 'operators')
    const name = names[operator.uint32(0, 0)]
    if (name === undefined) throw new CheckpointError('An operator has a code that does not exist.')
    const [inputs, outputs] = [operator.int32s(1), operator.int32s(2)]
    for (const index of [...inputs, ...outputs]) if (index !== leftOut && tensors[index] === undefined) refuseMissing(String(index))
    const options = operator.table(4)
    const type = optionsTypes.get(name)
    const stored = operator.uint8(3, 0)
    if (options !== null && type !== undefined && stored !== type) {
      const expected = `the options of ${name}, type ${type}`
      throw new CheckpointError('An operator has the options of another one.', { expected, got: `type ${stored}` })
    }
    return { name, inputs, outputs, options }
  })
  const { axes, ...extents } = readExtents(input)
  const outputs = graph.int32s(subgraph.outputs)
  const { nodes, parameters, firstQuantization } = tfliteNodes(tensors, operators, input.name, axes, outputs)

  const entryOf = (name: string): Uint8Array | null => {
    const entry = root.tables(model.metadata).find((table) => table.text(metadata.name) === name)
    return entry === undefined ? null : (buffers[entry.uint32(metadata.buffer, 0)]?.bytes(buffer.data) ?? null)
  }
  const found = await readTfliteMetadata(bytes, budget, entryOf)
  const ownDescription = entryOf(descriptionKey)
  if (ownDescription !== null) budget.take(ownDescription.length, descriptionKey)
  const stored = new Map<string, StoredTensor>()
  for (const { constant } of tensors) if (constant !== null) stored.set(constant.name, constant)
  for (const [name, parameter] of parameters) stored.set(name, parameter)
  const description = root.text(model.description)
  return {
    format: 'tflite',
    tensors: stored,
    ...(quantized ? { integers: (await import('./integers.js')).tfliteIntegers(tensors, operators, inputIndex!) } : {}),
    graph: assembleGraph(
      {
        name: input.name,
        ...extents,
        quantization: integersOf(input),
        firstQuantization: firstQuantization && integersOf(firstQuantization),
        normalization: found.normalization,
      },
      nodes,
    ),
    metadata: {
      ...(description === null ? {} : { description }),
      ...(ownDescription === null ? {} : { [descriptionKey]: new TextDecoder().decode(ownDescription) }),
      ...(found.labels === null ? {} : { labels: found.labels }),
      ...found.texts,
    },
  }
}
