/** TensorFlow's names of the types that a float32 classifier needs. */
type DataType = 'DT_FLOAT' | 'DT_INT32'

interface TensorShape {
  dim: { size: string }[]
}

/** An attribute of a node in protobuf's JSON, in which 64-bit integers and bytes (as base64) are strings. */
type Attribute =
  | { type: DataType }
  | { b: boolean }
  | { i: string }
  | { f: number }
  | { s: string }
  | { shape: TensorShape }
  | { list: { i: string[] } | { s: string[] } }
  | { tensor: { dtype: DataType; tensorShape: TensorShape } }

/** An operation of TensorFlow's GraphDef (`tensorflow/core/framework/node_def.proto`). */
export interface TfjsNode {
  name: string
  op: string
  input: string[]
  attr: Record<string, Attribute>
}

/** The shape of a tensor. -1 stands for an extent that is known only when the graph runs. */
export function tensorShape(axes: readonly number[]): TensorShape {
  return { dim: axes.map((size) => ({ size: String(size) })) }
}

export const float: Attribute = { type: 'DT_FLOAT' }

export function flag(value: boolean): Attribute {
  return { b: value }
}

export function integer(value: number): Attribute {
  return { i: String(value) }
}

export function integers(values: readonly number[]): Attribute {
  return { list: { i: values.map(String) } }
}

export function text(value: string): Attribute {
  return { s: btoa(value) }
}

export function texts(values: readonly string[]): Attribute {
  return { list: { s: values.map((value) => btoa(value)) } }
}

/** The node of the input, in float32. */
export function placeholderNode(name: string, axes: readonly number[]): TfjsNode {
  return { name, op: 'Placeholder', input: [], attr: { dtype: float, shape: { shape: tensorShape(axes) } } }
}

/** The node of a constant, whose values are the weights of the same name. */
export function constantNode(name: string, axes: readonly number[], dtype: DataType): TfjsNode {
  const value: Attribute = { tensor: { dtype, tensorShape: tensorShape(axes) } }
  return { name, op: 'Const', input: [], attr: { dtype: { type: dtype }, value } }
}
