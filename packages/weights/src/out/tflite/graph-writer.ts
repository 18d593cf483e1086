import { Builder, type Offset } from 'flatbuffers'
import {
  bufferAlignment,
  fileIdentifier,
  type OperatorName,
  type OperatorOptions,
  operators,
  schemaVersion,
  tensorTypes,
  writeFloats,
  writeIntegers,
  writeLongs,
  writeOffsets,
  writeTable,
} from './schema.js'

/** The index of a tensor in its graph. */
export type TensorIndex = number

/** The real numbers that the integers of a tensor stand for: scale x (integer - zero point). */
export interface WrittenQuantization {
  /** One for the whole tensor, or one for each index of `axis`. */
  readonly scales: ArrayLike<number>
  readonly zeroPoint: number
  readonly axis: number
}

/** The type of an activation, and what its integers stand for. */
export interface ActivationType {
  readonly type: 'uint8' | 'int8'
  readonly quantization: WrittenQuantization
}

/** Appends tensors and operators to a graph, in the order in which they run. */
export interface GraphWriter {
  /** Adds a tensor that the graph computes or is given. It is float32 unless `integers` is given. */
  activation(name: string, shape: readonly number[], integers?: ActivationType | null): TensorIndex
  constant(
    name: string,
    shape: readonly number[],
    values: Float32Array | Int32Array | Int8Array,
    quantization?: WrittenQuantization | null,
  ): TensorIndex
  operator<Name extends OperatorName>(
    name: Name,
    inputs: readonly TensorIndex[],
    output: TensorIndex,
    options: OperatorOptions<Name>,
    version?: number,
  ): void
  /** Adds bytes about the model under a name. Runtimes do not read them. */
  metadata(name: string, bytes: Uint8Array): void
  /** The file, in new memory. */
  finish(inputs: readonly TensorIndex[], outputs: readonly TensorIndex[]): Uint8Array
}

/** The largest code in the first field for codes, which has 8 bits. This value means that the code is in the second field. */
const largestOldCode = 127

/** The version of operators in float32: each operator has computed in float32 since version 1. */
const floatVersion = 1

/**
 * Starts a TFLite model of one graph.
 * @param bytes a number that the file will not exceed, so that it is never copied while it grows
 */
export function startGraph(bytes: number): GraphWriter {
  const builder = new Builder(bytes)
  // Buffer 0 is empty by convention: a tensor that points to it has no constant values.
  const buffers: Offset[] = [writeTable(builder, 'Buffer', { data: 0 })]
  const tensors: Offset[] = []
  const operations: Offset[] = []
  const used: { readonly name: OperatorName; readonly version: number }[] = []
  const metadata: Offset[] = []

  const writeQuantization = ({ scales, zeroPoint, axis }: WrittenQuantization): Offset =>
    writeTable(builder, 'QuantizationParameters', {
      scales: writeFloats(builder, scales),
      zeroPoints: writeLongs(builder, new Array<number>(scales.length).fill(zeroPoint)),
      axis,
    })
  const addTensor = (
    name: string,
    shape: readonly number[],
    type: keyof typeof tensorTypes,
    buffer: number,
    quantization: WrittenQuantization | null,
  ): TensorIndex => {
    const fields = {
      shape: writeIntegers(builder, shape),
      type: tensorTypes[type],
      buffer,
      name: builder.createString(name),
      quantization: quantization === null ? 0 : writeQuantization(quantization),
    }
    return tensors.push(writeTable(builder, 'Tensor', fields)) - 1
  }
  const addBuffer = (bytes: Uint8Array): number => {
    builder.prep(bufferAlignment, bytes.length)
    return buffers.push(writeTable(builder, 'Buffer', { data: builder.createByteVector(bytes) })) - 1
  }
  const operatorIndex = (name: OperatorName, version: number): number => {
    const found = used.findIndex((each) => each.name === name && each.version === version)
    return found >= 0 ? found : used.push({ name, version }) - 1
  }
  const writeCode = ({ name, version }: (typeof used)[number]): Offset => {
    const { code } = operators[name]
    return writeTable(builder, 'OperatorCode', {
      deprecatedBuiltinCode: Math.min(code, largestOldCode),
      version,
      builtinCode: code,
    })
  }

  return {
    activation: (name, shape, integers = null) =>
      addTensor(name, shape, integers?.type ?? 'float32', 0, integers?.quantization ?? null),
    constant(name, shape, values, quantization = null) {
      const buffer = addBuffer(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
      const type = values instanceof Float32Array ? 'float32' : values instanceof Int32Array ? 'int32' : 'int8'
      return addTensor(name, shape, type, buffer, quantization)
    },
    metadata(name, bytes) {
      const buffer = addBuffer(bytes)
      metadata.push(writeTable(builder, 'Metadata', { name: builder.createString(name), buffer }))
    },
    operator(name, inputs, output, options, version = floatVersion) {
      const { optionsType, options: table } = operators[name]
      const fields = {
        opcodeIndex: operatorIndex(name, version),
        inputs: writeIntegers(builder, inputs),
        outputs: writeIntegers(builder, [output]),
        builtinOptionsType: optionsType,
        builtinOptions: optionsType === 0 ? 0 : writeTable(builder, table, options),
      }
      operations.push(writeTable(builder, 'Operator', fields))
    },
    finish(inputs, outputs) {
      const graph = writeTable(builder, 'SubGraph', {
        tensors: writeOffsets(builder, tensors),
        inputs: writeIntegers(builder, inputs),
        outputs: writeIntegers(builder, outputs),
        operators: writeOffsets(builder, operations),
      })
      const model = writeTable(builder, 'Model', {
        version: schemaVersion,
        operatorCodes: writeOffsets(builder, used.map(writeCode)),
        subgraphs: writeOffsets(builder, [graph]),
        buffers: writeOffsets(builder, buffers),
        metadata: metadata.length === 0 ? 0 : writeOffsets(builder, metadata),
      })
      builder.finish(model, fileIdentifier)
      return builder.asUint8Array().slice()
    },
  }
}
