import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

/** Fields of the messages in `onnx.proto`. */
const modelFields = { irVersion: 1, producer: 2, graph: 7, operatorSets: 8, metadata: 14 } as const
const entryFields = { key: 1, value: 2 } as const
const operatorSetFields = { version: 2 } as const
const graphFields = { nodes: 1, name: 2, initializers: 5, inputs: 11, outputs: 12 } as const
const nodeFields = { inputs: 1, outputs: 2, name: 3, operator: 4, attributes: 5 } as const
const attributeFields = { name: 1, float: 2, integer: 3, integers: 8, type: 20 } as const
const tensorFields = { extents: 1, type: 2, name: 8, raw: 9 } as const
const valueFields = { name: 1, type: 2 } as const

/** `AttributeProto.AttributeType` and `TensorProto.DataType`. */
const attributeTypes = { float: 1, integer: 2, integers: 7 } as const
const float32 = 1

/** The version of the format that belongs to operator set 13. */
const irVersion = 7
const operatorSet = 13

/** A constant of the graph. */
export interface OnnxTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** The value of an attribute. A bare number is written as an integer. */
type Attribute = number | readonly number[] | { readonly float: number }

export interface OnnxNode {
  readonly operator:
    | 'Conv'
    | 'Gemm'
    | 'GlobalAveragePool'
    | 'GlobalMaxPool'
    | 'Flatten'
    | 'Transpose'
    | 'Identity'
    | 'Add'
    | 'Mul'
    | 'Clip'
    | 'Sigmoid'
    | 'HardSigmoid'
    | 'Tanh'
    | 'Elu'
    | 'Selu'
    | 'LeakyRelu'
    | 'Erf'
  readonly inputs: readonly string[]
  readonly output: string
  readonly attributes: Readonly<Record<string, Attribute>>
}

/** An input or output of the graph. An extent that is a text is open, and has that name. */
export interface OnnxValue {
  readonly name: string
  readonly shape: readonly (number | string)[]
}

export interface OnnxGraph {
  readonly name: string
  readonly nodes: readonly OnnxNode[]
  readonly tensors: readonly OnnxTensor[]
  readonly input: OnnxValue
  readonly outputs: readonly OnnxValue[]
  /** Texts about the model, which runtimes do not read. */
  readonly metadata: Readonly<Record<string, string>>
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value)
}

function integer(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value)
}

function message(writer: BinaryWriter, field: number, write: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork()
  write()
  writer.join()
}

function writeTensor(writer: BinaryWriter, { name, shape, values }: OnnxTensor): void {
  for (const extent of shape) integer(writer, tensorFields.extents, extent)
  integer(writer, tensorFields.type, float32)
  text(writer, tensorFields.name, name)
  writer.tag(tensorFields.raw, WireType.LengthDelimited).bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
}

function writeAttribute(writer: BinaryWriter, value: Attribute): keyof typeof attributeTypes {
  if (typeof value === 'number') {
    integer(writer, attributeFields.integer, value)
    return 'integer'
  }
  if ('float' in value) {
    writer.tag(attributeFields.float, WireType.Bit32).float(value.float)
    return 'float'
  }
  for (const element of value) integer(writer, attributeFields.integers, element)
  return 'integers'
}

function writeNode(writer: BinaryWriter, { operator, inputs, output, attributes }: OnnxNode): void {
  for (const input of inputs) text(writer, nodeFields.inputs, input)
  text(writer, nodeFields.outputs, output)
  text(writer, nodeFields.name, output)
  text(writer, nodeFields.operator, operator)
  for (const [name, value] of Object.entries(attributes)) {
    message(writer, nodeFields.attributes, () => {
      text(writer, attributeFields.name, name)
      integer(writer, attributeFields.type, attributeTypes[writeAttribute(writer, value)])
    })
  }
}

/** Writes a `ValueInfoProto`: a name and a type. The type holds a tensor type, and the tensor type an element type and a shape. */
function writeValue(writer: BinaryWriter, { name, shape }: OnnxValue): void {
  text(writer, valueFields.name, name)
  message(writer, valueFields.type, () =>
    message(writer, 1, () => {
      integer(writer, 1, float32)
      message(writer, 2, () => {
        for (const extent of shape) {
          message(writer, 1, () => (typeof extent === 'number' ? integer(writer, 1, extent) : text(writer, 2, extent)))
        }
      })
    }),
  )
}

/** Writes a graph as an ONNX `ModelProto` of operator set 13. */
export function writeOnnx(graph: OnnxGraph): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter()
  integer(writer, modelFields.irVersion, irVersion)
  text(writer, modelFields.producer, '@mobilenetv2/weights')
  message(writer, modelFields.graph, () => {
    for (const node of graph.nodes) message(writer, graphFields.nodes, () => writeNode(writer, node))
    text(writer, graphFields.name, graph.name)
    for (const tensor of graph.tensors) message(writer, graphFields.initializers, () => writeTensor(writer, tensor))
    message(writer, graphFields.inputs, () => writeValue(writer, graph.input))
    for (const output of graph.outputs) message(writer, graphFields.outputs, () => writeValue(writer, output))
  })
  message(writer, modelFields.operatorSets, () => integer(writer, operatorSetFields.version, operatorSet))
  for (const [key, value] of Object.entries(graph.metadata)) {
    message(writer, modelFields.metadata, () => {
      text(writer, entryFields.key, key)
      text(writer, entryFields.value, value)
    })
  }
  return writer.finish()
}
