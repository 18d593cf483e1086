import { type Field, messageOf } from './protobuf-fields.js'
import { joined } from './tfjs-tree.js'

/** `DataType` of 32-bit floats. */
const float = 1

/** An attribute of a node: its name, and a field of `AttrValue`. */
export function attribute(name: string, value: Field): Field {
  return [
    5,
    [
      [1, name],
      [2, [value]],
    ],
  ]
}

/** The fields of a `NodeDef`. */
export function node(name: string, operation: string, inputs: readonly string[] = [], attributes: readonly Field[] = []): Field[] {
  return [[1, name], [2, operation], ...inputs.map((input): Field => [3, input]), ...attributes]
}

/** A `TensorShapeProto`. */
export function shape(extents: readonly number[]): Field[] {
  return extents.map((extent): Field => [2, [[1, extent]]])
}

/** A constant of float32, of `value` unless other fields of its `TensorProto` are given. */
export function constant(name: string, extents: readonly number[], value: number | readonly Field[] = 1): Field[] {
  const held: readonly Field[] =
    typeof value === 'number'
      ? [
          [1, float],
          [5, new Uint8Array(Float32Array.of(value).buffer)],
        ]
      : value
  return node(name, 'Const', [], [attribute('value', [8, [...held, [2, shape(extents)]]])])
}

/** The input: pictures of 32 x 32. */
export const placeholder: readonly Field[] = node('input', 'Placeholder', [], [attribute('shape', [7, shape([-1, 32, 32, 3])])])

/** A convolution of a kernel [3, 3, 3, 8], stride 2. */
export function convolution(name: string, input: string, kernel: string, strides: readonly number[] = [1, 2, 2, 1]): Field[] {
  const steps = Uint8Array.from(strides)
  return node(name, 'Conv2D', [input, kernel], [attribute('strides', [1, [[3, steps]]]), attribute('padding', [2, 'SAME'])])
}

/** A call of a function. */
export function call(name: string, called: string, inputs: readonly string[]): Field[] {
  return node(name, 'StatefulPartitionedCall', inputs, [attribute('f', [10, [[1, called]]])])
}

/** A function of a graph's library. */
export interface FunctionParts {
  readonly name: string
  readonly inputs: readonly string[]
  readonly nodes: readonly (readonly Field[])[]
  readonly returns: string
}

function functionFields({ name, inputs, nodes, returns }: FunctionParts): Field {
  const signature: Field[] = [[1, name], ...inputs.map((input): Field => [2, [[1, input]]]), [3, [[1, 'result']]]]
  return [
    1,
    [
      [1, signature],
      ...nodes.map((fields): Field => [3, fields]),
      [
        4,
        [
          [1, 'result'],
          [2, returns],
        ],
      ],
    ],
  ]
}

/** The fields of a `GraphDef`. */
export function graphFields(nodes: readonly (readonly Field[])[], functions: readonly FunctionParts[] = []): Field[] {
  return [...nodes.map((fields): Field => [1, fields]), [2, functions.map(functionFields)]]
}

/** The parts of a SavedModel. */
export interface SavedModelParts {
  readonly nodes: readonly (readonly Field[])[]
  readonly functions?: readonly FunctionParts[]
  readonly input?: string
  readonly output: string
  readonly tag?: string
  readonly signature?: string
  readonly objects?: readonly Field[]
}

/** A `saved_model.pb`. */
export function savedModel({
  nodes,
  functions,
  input = 'input:0',
  output,
  tag = 'serve',
  signature = 'serving_default',
  objects = [],
}: SavedModelParts): Uint8Array {
  const named = (side: 1 | 2, name: string): Field => [
    side,
    [
      [1, 'name'],
      [
        2,
        [
          [1, name],
          [2, float],
        ],
      ],
    ],
  ]
  return messageOf([
    [1, 1],
    [
      2,
      [
        [
          1,
          [
            [4, tag],
            [5, '2.0'],
          ],
        ],
        [2, graphFields(nodes, functions)],
        [
          5,
          [
            [1, signature],
            [2, [named(1, input), named(2, output)]],
          ],
        ],
        [7, objects],
      ],
    ],
  ])
}

/** A number as protobuf and LevelDB store it: seven bits a byte, the lowest first. */
export function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))]
}

/** A block of a sorted table, with its trailer. */
export function block(entries: readonly (readonly [key: string, value: Uint8Array])[], compression = 0): Uint8Array {
  const encoder = new TextEncoder()
  const content = entries.flatMap(([key, value]) => {
    const bytes = encoder.encode(key)
    return [Uint8Array.of(0, ...varint(bytes.length), ...varint(value.length)), bytes, value]
  })
  return joined([...content, Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, compression, 0, 0, 0, 0)])
}

/** A handle of a block without its trailer. */
export function handle(offset: number, length: number): number[] {
  return [...varint(offset), ...varint(length)]
}

/** A footer of a sorted table. */
export function footer(index: readonly number[]): Uint8Array {
  const handles = [...handle(0, 0), ...index]
  return Uint8Array.from([
    ...handles,
    ...new Array<number>(40 - handles.length).fill(0),
    0x57,
    0xfb,
    0x80,
    0x8b,
    0x24,
    0x75,
    0x47,
    0xdb,
  ])
}

/** A sorted table of one block. */
export function sortedTable(entries: readonly (readonly [key: string, value: Uint8Array])[], compression = 0): Uint8Array {
  const data = block(entries, compression)
  const index = block([['z', Uint8Array.from(handle(0, data.length - 5))]])
  return Uint8Array.from([...data, ...index, ...footer(handle(data.length, index.length - 5))])
}

/** The header of an index. */
export const bundleHeader: readonly [string, Uint8Array] = ['', messageOf([[1, 1]])]

/** An entry of an index, of float32 unless other fields are given. */
export function bundleEntry(
  key: string,
  extents: readonly number[],
  offset: number,
  size: number,
  others: readonly Field[] = [[1, float]],
): readonly [string, Uint8Array] {
  return [key, messageOf([...others, [2, shape(extents)], [4, offset], [5, size]])]
}
