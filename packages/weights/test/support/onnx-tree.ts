import type { ProtobufSchema } from './protobuf-tree.js'

const tensor = { extents: [1, 'integer'], type: [2, 'integer'], name: [8, 'text'], raw: [9, 'bytes'] } as const

const attribute = {
  name: [1, 'text'],
  float: [2, 'float'],
  integer: [3, 'integer'],
  text: [4, 'bytes'],
  integers: [8, 'integer'],
  type: [20, 'integer'],
} as const

const node = {
  inputs: [1, 'text'],
  outputs: [2, 'text'],
  name: [3, 'text'],
  operator: [4, 'text'],
  attributes: [5, attribute],
} as const

const extent = { value: [1, 'integer'], name: [2, 'text'] } as const
const tensorType = { element: [1, 'integer'], shape: [2, { extents: [1, extent] }] } as const
const value = { name: [1, 'text'], type: [2, { tensor: [1, tensorType] }] } as const

/** The parts of ONNX's `ModelProto` that `toOnnx` writes. */
export const onnxSchema: ProtobufSchema = {
  version: [1, 'integer'],
  producer: [2, 'text'],
  graph: [7, { nodes: [1, node], name: [2, 'text'], tensors: [5, tensor], inputs: [11, value], outputs: [12, value] }],
  operatorSets: [8, { domain: [1, 'text'], version: [2, 'integer'] }],
}
