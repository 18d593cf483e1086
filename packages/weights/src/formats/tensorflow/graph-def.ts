import { CheckpointError } from '../../checkpoint-error.js'
import { refuseMissing } from '../../graph/refuse-missing.js'
import type { MessageReader } from '../protobuf.js'
import { asDecimal, type TensorflowAttributes } from './attributes.js'
import { nodeNameOf } from './node-name.js'
import { readShape } from './tensor-proto.js'

/** Fields of the messages in TensorFlow's `graph.proto`, `node_def.proto`, `attr_value.proto` and `function.proto`. */
const graphFields = { nodes: 1, library: 2 } as const
const nodeFields = { name: 1, operation: 2, inputs: 3, attributes: 5 } as const
const entryFields = { key: 1, value: 2 } as const
const valueFields = { list: 1, text: 2, integer: 3, float: 4, boolean: 5, type: 6, shape: 7, tensor: 8, function: 10 } as const
const listFields = { texts: 2, integers: 3 } as const
const functionFields = { signature: 1, nodes: 3, returns: 4 } as const
const signatureFields = { name: 1, inputs: 2, outputs: 3 } as const

/** The attributes of a node in protobuf, with three kinds of values that are not read from JSON. */
export interface ProtobufAttributes extends TensorflowAttributes {
  /** A `DataType`; null if it is left out. */
  type(name: string): number | null
  /** The `TensorProto` of a constant. */
  tensor(name: string): Uint8Array | null
  /** The name of the function that the node calls. */
  functionName(name: string): string | null
}

/** A node of the file. An input is `node`, `node:1`, `node:output:1` in a function, or `^node`, which has no value. */
export interface DefinedNode {
  readonly name: string
  readonly operation: string
  readonly inputs: readonly string[]
  readonly attributes: ProtobufAttributes
}

/** Nodes by name. Each is read when it is first asked for. */
export interface NodeTable {
  readonly names: readonly string[]
  /**
   * The node of a name; null if there is none.
   * @throws CheckpointError if one of its inputs is not there
   */
  get(name: string): DefinedNode | null
}

/** A function of a graph's library. */
export interface GraphFunction {
  readonly nodes: NodeTable
  readonly inputs: readonly string[]
  /** For each output of the function, the reference to the node's output that it returns. */
  readonly returns: readonly string[]
}

/** A `GraphDef`. */
export interface GraphDef {
  readonly nodes: NodeTable
  /** Reads a function of the library, once. Null if it has none of this name. */
  functionOf(name: string): GraphFunction | null
}

/** The key and the value of an entry of a protobuf map. */
export function readEntry(bytes: Uint8Array, readMessage: MessageReader): [key: string, value: Uint8Array] {
  let key = ''
  let held = new Uint8Array()
  readMessage(bytes, {
    [entryFields.key]: (value) => {
      key = value.name()
    },
    [entryFields.value]: (value) => {
      held = value.bytes() as Uint8Array<ArrayBuffer>
    },
  })
  return [key, held]
}

/** The kind of value that a field of an `AttrValue` has, in words. */
function kindOf(field: number): string {
  return Object.entries(valueFields).find(([, number]) => number === field)![0]
}

function readAttributes(values: ReadonlyMap<string, Uint8Array>, readMessage: MessageReader): ProtobufAttributes {
  /** Reads one field of the attribute `name`. */
  const field = <Value>(
    name: string,
    number: number,
    read: (value: Parameters<Parameters<MessageReader>[1][number]>[0]) => Value,
  ) => {
    const bytes = values.get(name)
    if (bytes === undefined) return null
    let found: Value | null = null
    readMessage(bytes, {
      [number]: (value) => {
        found = read(value)
      },
    })
    if (found !== null) return found as Value
    throw new CheckpointError('An attribute of a node does not hold what it should.', {
      expected: `${kindOf(number)} in the attribute ${name}`,
      got: 'a value of another kind, or none',
    })
  }
  const list = (name: string): Uint8Array | null => field(name, valueFields.list, (value) => value.bytes())
  return {
    text: (name) => field(name, valueFields.text, (value) => value.text()),
    integer: (name) => field(name, valueFields.integer, (value) => value.integer()),
    float: (name) => field(name, valueFields.float, (value) => asDecimal(value.float())),
    boolean: (name) => field(name, valueFields.boolean, (value) => value.integer() !== 0),
    integers(name) {
      const integers: number[] = []
      readMessage(list(name) ?? new Uint8Array(), { [listFields.integers]: (value) => value.integers(integers) })
      return integers
    },
    texts(name) {
      const texts: string[] = []
      readMessage(list(name) ?? new Uint8Array(), { [listFields.texts]: (value) => texts.push(value.text()) })
      return texts
    },
    shape(name) {
      const bytes = field(name, valueFields.shape, (value) => value.bytes())
      return bytes === null ? null : readShape(bytes, readMessage)
    },
    type: (name) => field(name, valueFields.type, (value) => value.integer()),
    tensor: (name) => field(name, valueFields.tensor, (value) => value.bytes()),
    functionName(name) {
      const bytes = field(name, valueFields.function, (value) => value.bytes())
      if (bytes === null) return null
      let found = ''
      readMessage(bytes, {
        1: (value) => {
          found = value.name()
        },
      })
      return found
    },
  }
}

function readNode(bytes: Uint8Array, readMessage: MessageReader): DefinedNode {
  let [name, operation] = ['', '']
  const inputs: string[] = []
  const attributes = new Map<string, Uint8Array>()
  readMessage(bytes, {
    [nodeFields.name]: (value) => {
      name = value.name()
    },
    [nodeFields.operation]: (value) => {
      operation = value.name()
    },
    [nodeFields.inputs]: (value) => inputs.push(value.name()),
    [nodeFields.attributes]: (entry) => {
      const [key, value] = readEntry(entry.bytes(), readMessage)
      attributes.set(key, value)
    },
  })
  return { name, operation, inputs, attributes: readAttributes(attributes, readMessage) }
}

/** The text in field 1 of a message, which is its name in most messages of TensorFlow. */
function nameIn(bytes: Uint8Array, readMessage: MessageReader): string {
  let name = ''
  readMessage(bytes, {
    1: (value) => {
      name = value.name()
    },
  })
  return name
}

/**
 * Makes the table of some nodes.
 * @param given what the nodes can take besides each other: the inputs of a function
 */
function nodeTable(messages: readonly Uint8Array[], given: readonly string[], readMessage: MessageReader): NodeTable {
  const unread = new Map<string, Uint8Array>()
  for (const bytes of messages) {
    const name = nameIn(bytes, readMessage)
    if (unread.has(name)) throw new CheckpointError('Two nodes of the graph have one name.', { got: name })
    unread.set(name, bytes)
  }
  const read = new Map<string, DefinedNode>()
  const known = new Set([...unread.keys(), ...given])
  return {
    names: [...unread.keys()],
    get(name) {
      const bytes = unread.get(name)
      if (bytes === undefined) return null
      const before = read.get(name)
      if (before !== undefined) return before
      const node = readNode(bytes, readMessage)
      for (const input of node.inputs) if (!known.has(nodeNameOf(input))) refuseMissing(input)
      read.set(name, node)
      return node
    },
  }
}

function readFunction(bytes: Uint8Array, readMessage: MessageReader): GraphFunction {
  const nodes: Uint8Array[] = []
  const inputs: string[] = []
  const outputs: string[] = []
  const returns = new Map<string, string>()
  readMessage(bytes, {
    [functionFields.signature]: (signature) =>
      readMessage(signature.bytes(), {
        [signatureFields.inputs]: (value) => inputs.push(nameIn(value.bytes(), readMessage)),
        [signatureFields.outputs]: (value) => outputs.push(nameIn(value.bytes(), readMessage)),
      }),
    [functionFields.nodes]: (node) => nodes.push(node.bytes()),
    [functionFields.returns]: (entry) => {
      // Both the key and the value of this map are texts.
      const message = entry.bytes()
      let [output, source] = ['', '']
      readMessage(message, {
        [entryFields.key]: (value) => {
          output = value.name()
        },
        [entryFields.value]: (value) => {
          source = value.name()
        },
      })
      returns.set(output, source)
    },
  })
  return { nodes: nodeTable(nodes, inputs, readMessage), inputs, returns: outputs.map((output) => returns.get(output) ?? '') }
}

/**
 * Reads a `GraphDef`. Nodes and functions are read when they are asked for, because Keras saves ten times the nodes that a prediction runs.
 * @throws CheckpointError if it is damaged, or larger than that of any MobileNetV2
 */
export function readGraphDef(bytes: Uint8Array, readMessage: MessageReader): GraphDef {
  const nodes: Uint8Array[] = []
  const unread = new Map<string, Uint8Array>()
  readMessage(bytes, {
    [graphFields.nodes]: (node) => nodes.push(node.bytes()),
    [graphFields.library]: (library) =>
      readMessage(library.bytes(), {
        1: (value) => {
          const definition = value.bytes()
          let signature = new Uint8Array()
          readMessage(definition, {
            [functionFields.signature]: (held) => {
              signature = held.bytes() as Uint8Array<ArrayBuffer>
            },
          })
          unread.set(nameIn(signature, readMessage), definition)
        },
      }),
  })
  const read = new Map<string, GraphFunction>()
  return {
    nodes: nodeTable(nodes, [], readMessage),
    functionOf(name) {
      const definition = unread.get(name)
      if (definition === undefined) return null
      const found = read.get(name) ?? readFunction(definition, readMessage)
      read.set(name, found)
      return found
    },
  }
}
