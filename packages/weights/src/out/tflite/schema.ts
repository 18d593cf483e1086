import type { Builder, Offset } from 'flatbuffers'

/** The identifier of a TFLite file. */
export const fileIdentifier = 'TFL3'
export const schemaVersion = 3
/** Alignment of constants, which the runtime reads in place with vector loads. */
export const bufferAlignment = 16

/** The numbers of TFLite's enumerations that a classifier needs. */
export const tensorTypes = { float32: 0, int32: 2, uint8: 3, int8: 9 } as const
export const paddings = { same: 0, valid: 1 } as const
export const activations = { linear: 0, relu: 1, relu6: 3 } as const

type Field = readonly [number: number, storage: 'int8' | 'int32' | 'float32' | 'offset']

/** The fields of each table: their number and how they are stored (TensorFlow's `compiler/mlir/lite/schema/schema.fbs`). */
const tables = {
  Model: {
    version: [0, 'int32'],
    operatorCodes: [1, 'offset'],
    subgraphs: [2, 'offset'],
    buffers: [4, 'offset'],
    metadata: [6, 'offset'],
  },
  Metadata: { name: [0, 'offset'], buffer: [1, 'int32'] },
  OperatorCode: { deprecatedBuiltinCode: [0, 'int8'], version: [2, 'int32'], builtinCode: [3, 'int32'] },
  SubGraph: { tensors: [0, 'offset'], inputs: [1, 'offset'], outputs: [2, 'offset'], operators: [3, 'offset'] },
  Buffer: { data: [0, 'offset'] },
  Tensor: { shape: [0, 'offset'], type: [1, 'int8'], buffer: [2, 'int32'], name: [3, 'offset'], quantization: [4, 'offset'] },
  QuantizationParameters: { scales: [2, 'offset'], zeroPoints: [3, 'offset'], axis: [6, 'int32'] },
  Operator: {
    opcodeIndex: [0, 'int32'],
    inputs: [1, 'offset'],
    outputs: [2, 'offset'],
    builtinOptionsType: [3, 'int8'],
    builtinOptions: [4, 'offset'],
  },
  AddOptions: { activation: [0, 'int8'] },
  Conv2DOptions: { padding: [0, 'int8'], strideWidth: [1, 'int32'], strideHeight: [2, 'int32'], activation: [3, 'int8'] },
  DepthwiseConv2DOptions: {
    padding: [0, 'int8'],
    strideWidth: [1, 'int32'],
    strideHeight: [2, 'int32'],
    depthMultiplier: [3, 'int32'],
    activation: [4, 'int8'],
  },
  FullyConnectedOptions: { activation: [0, 'int8'] },
  GeluOptions: { approximate: [0, 'int8'] },
  HardSwishOptions: {},
  LeakyReluOptions: { slope: [0, 'float32'] },
  MulOptions: { activation: [0, 'int8'] },
  NoOptions: {},
  PadOptions: {},
  ReducerOptions: { keepDimensions: [0, 'int8'] },
  SoftmaxOptions: { beta: [0, 'float32'] },
} as const

type TableName = keyof typeof tables
type Fields<Name extends TableName> = Readonly<Record<keyof (typeof tables)[Name], number>>

/** Operators by their names in the schema: their code, and the index of their options in the union of all options, 0 for none. */
export const operators = {
  ADD: { code: 0, optionsType: 11, options: 'AddOptions' },
  CONV_2D: { code: 3, optionsType: 1, options: 'Conv2DOptions' },
  DEPTHWISE_CONV_2D: { code: 4, optionsType: 2, options: 'DepthwiseConv2DOptions' },
  FULLY_CONNECTED: { code: 9, optionsType: 8, options: 'FullyConnectedOptions' },
  LOGISTIC: { code: 14, optionsType: 0, options: 'NoOptions' },
  MUL: { code: 18, optionsType: 21, options: 'MulOptions' },
  RESHAPE: { code: 22, optionsType: 0, options: 'NoOptions' },
  SOFTMAX: { code: 25, optionsType: 9, options: 'SoftmaxOptions' },
  TANH: { code: 28, optionsType: 0, options: 'NoOptions' },
  PAD: { code: 34, optionsType: 22, options: 'PadOptions' },
  MEAN: { code: 40, optionsType: 27, options: 'ReducerOptions' },
  REDUCE_MAX: { code: 82, optionsType: 27, options: 'ReducerOptions' },
  LEAKY_RELU: { code: 98, optionsType: 75, options: 'LeakyReluOptions' },
  ELU: { code: 111, optionsType: 0, options: 'NoOptions' },
  QUANTIZE: { code: 114, optionsType: 0, options: 'NoOptions' },
  HARD_SWISH: { code: 117, optionsType: 91, options: 'HardSwishOptions' },
  GELU: { code: 150, optionsType: 116, options: 'GeluOptions' },
} as const

export type OperatorName = keyof typeof operators
export type OperatorOptions<Name extends OperatorName> = Fields<(typeof operators)[Name]['options']>

/** Writes a table with all of its fields. Offsets lead to what has been written before. */
export function writeTable<Name extends TableName>(builder: Builder, name: Name, values: Fields<Name>): Offset {
  const fields: Readonly<Record<string, Field>> = tables[name]
  const given: Readonly<Record<string, number>> = values
  builder.startObject(Math.max(0, ...Object.values(fields).map(([number]) => number + 1)))
  for (const [field, [number, storage]] of Object.entries(fields)) {
    const value = given[field]!
    switch (storage) {
      case 'int8':
        builder.addFieldInt8(number, value, null)
        break
      case 'int32':
        builder.addFieldInt32(number, value, null)
        break
      case 'float32':
        builder.addFieldFloat32(number, value, null)
        break
      case 'offset':
        builder.addFieldOffset(number, value, 0)
        break
      default:
        throw new Error(`unknown storage ${storage satisfies never}`)
    }
  }
  return builder.endObject()
}

/** Writes a vector of int32 values. */
export function writeIntegers(builder: Builder, values: readonly number[]): Offset {
  builder.startVector(4, values.length, 4)
  for (const value of values.toReversed()) builder.addInt32(value)
  return builder.endVector()
}

/** Writes a vector of float32 values. */
export function writeFloats(builder: Builder, values: ArrayLike<number>): Offset {
  builder.startVector(4, values.length, 4)
  for (let index = values.length - 1; index >= 0; index--) builder.addFloat32(values[index]!)
  return builder.endVector()
}

/** Writes a vector of int64 values. */
export function writeLongs(builder: Builder, values: readonly number[]): Offset {
  builder.startVector(8, values.length, 8)
  for (const value of values.toReversed()) builder.addInt64(BigInt(value))
  return builder.endVector()
}

/** Writes a vector of offsets to what has been written before. */
export function writeOffsets(builder: Builder, offsets: readonly Offset[]): Offset {
  builder.startVector(4, offsets.length, 4)
  for (const offset of offsets.toReversed()) builder.addOffset(offset)
  return builder.endVector()
}
