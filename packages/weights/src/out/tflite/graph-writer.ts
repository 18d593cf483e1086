import { Builder, type Offset } from 'flatbuffers'
import {
  bufferAlignment,
  fileIdentifier,
  type OperatorName,
  type OperatorOptions,
  operators,
  schemaVersion,
  tensorTypes,
  writeIntegers,
  writeOffsets,
  writeTable,
} from './schema.js'

/** The index of a tensor in its graph. */
export type TensorIndex = number

/** Appends tensors and operators to a graph, in the order in which they run. */
export interface GraphWriter {
  /** A tensor that the graph computes, or is given: float32. */
  activation(name: string, shape: readonly number[]): TensorIndex
  constant(name: string, shape: readonly number[], values: Float32Array | Int32Array): TensorIndex
  operator<Name extends OperatorName>(
    name: Name,
    inputs: readonly TensorIndex[],
    output: TensorIndex,
    options: OperatorOptions<Name>,
  ): void
  /** The whole file, in memory of its own. */
  finish(inputs: readonly TensorIndex[], outputs: readonly TensorIndex[]): Uint8Array
}

/** The first field for a code has 8 bits. If it holds 127, the code stands in the second field. */
const largestOldCode = 127

/** Every float32 kernel for these operators has been there since the first version of the operator. */
const operatorVersion = 1

/**
 * Starts a TFLite model of one graph.
 * @param bytes a size that the file will not exceed, so that it is never copied while it grows
 */
export function startGraph(bytes: number): GraphWriter {
  const builder = new Builder(bytes)
  // Buffer 0 is empty by convention: a tensor that points to it has no constant values.
  const buffers: Offset[] = [writeTable(builder, 'Buffer', { data: 0 })]
  const tensors: Offset[] = []
  const operations: Offset[] = []
  const used: OperatorName[] = []

  const addTensor = (name: string, shape: readonly number[], type: number, buffer: number): TensorIndex => {
    const fields = { shape: writeIntegers(builder, shape), type, buffer, name: builder.createString(name) }
    return tensors.push(writeTable(builder, 'Tensor', fields)) - 1
  }
  const operatorIndex = (name: OperatorName): number => {
    if (!used.includes(name)) used.push(name)
    return used.indexOf(name)
  }
  const writeCode = (name: OperatorName): Offset => {
    const { code } = operators[name]
    return writeTable(builder, 'OperatorCode', {
      deprecatedBuiltinCode: Math.min(code, largestOldCode),
      version: operatorVersion,
      builtinCode: code,
    })
  }

  return {
    activation: (name, shape) => addTensor(name, shape, tensorTypes.float32, 0),
    constant(name, shape, values) {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
      builder.prep(bufferAlignment, bytes.length)
      const buffer = buffers.push(writeTable(builder, 'Buffer', { data: builder.createByteVector(bytes) })) - 1
      return addTensor(name, shape, values instanceof Float32Array ? tensorTypes.float32 : tensorTypes.int32, buffer)
    },
    operator(name, inputs, output, options) {
      const { optionsType, options: table } = operators[name]
      const fields = {
        opcodeIndex: operatorIndex(name),
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
      })
      builder.finish(model, fileIdentifier)
      return builder.asUint8Array().slice()
    },
  }
}
