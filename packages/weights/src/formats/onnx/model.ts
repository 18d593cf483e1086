import type { StoredTensor } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import type { Budget } from '../budget.js'
import { type MessageReader, startMessages } from '../protobuf.js'
import { inlineFunctions, type OnnxFunction } from './inline.js'
import { type ExternalTensor, readTensor } from './tensor.js'
import { readTextEntry } from './text-entry.js'

/** Fields of the messages in `onnx.proto`. */
const modelFields = { producer: 2, producerVersion: 3, graph: 7, metadata: 14, functions: 25 } as const
const functionFields = { name: 1, inputs: 4, outputs: 5, nodes: 7, domain: 10, defaults: 11 } as const
const graphFields = { nodes: 1, tensors: 5, inputs: 11, outputs: 12 } as const
const nodeFields = { inputs: 1, outputs: 2, operation: 4, attributes: 5, domain: 7 } as const
const attributeFields = {
  name: 1,
  float: 2,
  integer: 3,
  text: 4,
  tensor: 5,
  floats: 7,
  integers: 8,
  type: 20,
  reference: 21,
} as const
/** `AttributeProto.AttributeType`. */
const attributeTypes = { float: 1, integer: 2 } as const
const valueFields = { name: 1, type: 2 } as const

/** An attribute of a node. Values that it does not have are null or empty. */
export interface OnnxAttribute {
  readonly float: number | null
  readonly integer: number | null
  readonly text: string | null
  readonly tensor: StoredTensor | null
  readonly floats: readonly number[]
  readonly integers: readonly number[]
  /** In a function, the attribute of the call whose value it takes. */
  readonly reference?: string | undefined
}

/** A node of the graph. An input that is left out is `''`. */
export interface OnnxNode {
  readonly operation: string
  /** The domain of the operator; empty for those of ONNX itself. */
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: ReadonlyMap<string, OnnxAttribute>
}

/** An input of the graph. Open extents are null. */
export interface OnnxInput {
  readonly name: string
  /** `TensorProto.DataType`; 0 if the file does not say. */
  readonly type: number
  readonly shape: readonly (number | null)[]
}

/** The parts of an ONNX file's `ModelProto` that are needed. */
export interface OnnxModel {
  readonly nodes: readonly OnnxNode[]
  readonly tensors: ReadonlyMap<string, StoredTensor>
  /** Tensors whose values are in other files. */
  readonly external: readonly ExternalTensor[]
  readonly inputs: readonly OnnxInput[]
  readonly outputs: readonly string[]
  readonly metadata: Readonly<Record<string, string>>
}

function readAttribute(bytes: Uint8Array, readMessage: MessageReader, budget: Budget): [string, OnnxAttribute] {
  let name = ''
  let [float, integer, text]: [number | null, number | null, string | null] = [null, null, null]
  let tensor: Uint8Array | null = null
  let reference: string | undefined
  let type = 0
  const integers: number[] = []
  const floats: number[] = []
  readMessage(bytes, {
    [attributeFields.name]: (value) => {
      name = value.name()
    },
    [attributeFields.float]: (value) => {
      float = value.float()
    },
    [attributeFields.integer]: (value) => {
      integer = value.integer()
    },
    [attributeFields.text]: (value) => {
      text = value.text()
    },
    [attributeFields.tensor]: (value) => {
      tensor = value.bytes()
    },
    [attributeFields.type]: (value) => {
      type = value.integer()
    },
    [attributeFields.reference]: (value) => {
      reference = value.name()
    },
    [attributeFields.floats]: (value) => {
      const packed = value.packed()
      const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
      budget.items(packed.length / 4, 'attributes')
      for (let at = 0; at + 4 <= packed.length; at += 4) floats.push(view.getFloat32(at, true))
    },
    [attributeFields.integers]: (value) => value.integers(integers),
  })
  // Some writers leave out what is 0.
  if (type === attributeTypes.float) float ??= 0
  if (type === attributeTypes.integer) integer ??= 0
  const stored = tensor === null ? null : readTensor(tensor, readMessage, budget, name)
  if (stored !== null && 'location' in stored) {
    throw new CheckpointError('A constant inside an operator is in another file.', { tensor: stored.name })
  }
  return [name, { float, integer, text, floats, integers, tensor: stored, ...(reference && { reference }) }]
}

function readNode(bytes: Uint8Array, readMessage: MessageReader, budget: Budget): OnnxNode {
  budget.parts(1, 'nodes')
  let operation = ''
  let domain = ''
  const inputs: string[] = []
  const outputs: string[] = []
  const attributes = new Map<string, OnnxAttribute>()
  readMessage(bytes, {
    [nodeFields.operation]: (value) => {
      operation = value.name()
    },
    [nodeFields.domain]: (value) => {
      domain = value.name()
    },
    [nodeFields.inputs]: (value) => inputs.push(value.name()),
    [nodeFields.outputs]: (value) => outputs.push(value.name()),
    [nodeFields.attributes]: (value) => {
      const [name, attribute] = readAttribute(value.bytes(), readMessage, budget)
      attributes.set(name, attribute)
    },
  })
  return { operation, domain, inputs, outputs, attributes }
}

function readFunction(bytes: Uint8Array, readMessage: MessageReader, budget: Budget): OnnxFunction {
  let [name, domain] = ['', '']
  const inputs: string[] = []
  const outputs: string[] = []
  const nodes: OnnxNode[] = []
  const defaults = new Map<string, OnnxAttribute>()
  readMessage(bytes, {
    [functionFields.name]: (value) => {
      name = value.name()
    },
    [functionFields.domain]: (value) => {
      domain = value.name()
    },
    [functionFields.inputs]: (value) => inputs.push(value.name()),
    [functionFields.outputs]: (value) => outputs.push(value.name()),
    [functionFields.nodes]: (value) => nodes.push(readNode(value.bytes(), readMessage, budget)),
    [functionFields.defaults]: (value) => {
      const [attribute, content] = readAttribute(value.bytes(), readMessage, budget)
      defaults.set(attribute, content)
    },
  })
  return { name, domain, inputs, outputs, nodes, defaults }
}

/**
 * Reads a `ValueInfoProto`: a name and a type. The type holds a tensor type, the tensor type a shape, and the shape extents, each a
 * value or a name.
 */
function readInput(bytes: Uint8Array, readMessage: MessageReader): OnnxInput {
  let name = ''
  let type = 0
  const shape: (number | null)[] = []
  readMessage(bytes, {
    [valueFields.name]: (value) => {
      name = value.name()
    },
    [valueFields.type]: (typeMessage) =>
      readMessage(typeMessage.bytes(), {
        1: (tensorType) =>
          readMessage(tensorType.bytes(), {
            1: (value) => {
              type = value.integer()
            },
            2: (shapeMessage) =>
              readMessage(shapeMessage.bytes(), {
                1: (extentMessage) => {
                  let extent: number | null = null
                  readMessage(extentMessage.bytes(), {
                    1: (value) => {
                      extent = value.integer()
                    },
                  })
                  shape.push(extent)
                },
              }),
          }),
      }),
  })
  return { name, type, shape }
}

/**
 * Reads an ONNX file's `ModelProto`: the nodes, the constants and the inputs of its graph. Calls of functions are replaced by the nodes of
 * the functions.
 * @throws CheckpointError if it is damaged
 */
export function readOnnxModel(bytes: Uint8Array, budget: Budget): OnnxModel {
  const readMessage = startMessages(budget)
  const nodes: OnnxNode[] = []
  const tensors = new Map<string, StoredTensor>()
  const external: ExternalTensor[] = []
  const inputs: OnnxInput[] = []
  const outputs: string[] = []
  const metadata: Record<string, string> = {}
  const functions: OnnxFunction[] = []
  let graphs = 0
  readMessage(bytes, {
    [modelFields.producer]: (value) => {
      metadata.producer_name = value.name()
    },
    [modelFields.producerVersion]: (value) => {
      metadata.producer_version = value.text()
    },
    [modelFields.metadata]: (entry) => {
      const [key, text] = readTextEntry(entry.bytes(), readMessage)
      metadata[key] = text
    },
    [modelFields.functions]: (value) => functions.push(readFunction(value.bytes(), readMessage, budget)),
    [modelFields.graph]: (graph) => {
      graphs += 1
      readMessage(graph.bytes(), {
        [graphFields.nodes]: (node) => nodes.push(readNode(node.bytes(), readMessage, budget)),
        [graphFields.inputs]: (input) => inputs.push(readInput(input.bytes(), readMessage)),
        [graphFields.outputs]: (output) => outputs.push(readInput(output.bytes(), readMessage).name),
        [graphFields.tensors]: (value) => {
          budget.parts(1, 'tensors')
          const tensor = readTensor(value.bytes(), readMessage, budget, '')
          if ('location' in tensor) {
            external.push(tensor)
            return
          }
          if (tensors.has(tensor.name)) throw new CheckpointError('Two tensors have one name.', { tensor: tensor.name })
          tensors.set(tensor.name, tensor)
        },
      })
    },
  })
  if (graphs !== 1) {
    throw new CheckpointError('The file is not an ONNX model of a MobileNetV2.', { expected: 'one graph', got: `${graphs} graphs` })
  }
  return { nodes: inlineFunctions(nodes, functions, budget), tensors, external, inputs, outputs, metadata }
}
