import type { RunnableNetwork } from '../../src/index.js'
import { UndefinedGraph, type Values, valuesOf } from './array-operations.js'
import type { ProtobufSchema } from './protobuf-tree.js'
import { runTensorflow, type TfAttribute, type TfNode } from './run-tensorflow.js'
import type { Tree } from './structure.js'
import { nodesOf, tfjsTree, weightsOf } from './tfjs-tree.js'
import { bytesIn, integerIn, listIn, memberIn, numberIn, textIn } from './tree-values.js'

const shape = { extents: [2, { size: [1, 'integer'] }], unknown: [3, 'integer'] } as const
const tensor = { type: [1, 'integer'], shape: [2, shape], content: [4, 'bytes'], floats: [5, 'bytes'] } as const
const value = {
  list: [1, { texts: [2, 'text'], integers: [3, 'integers'] }],
  text: [2, 'text'],
  integer: [3, 'integer'],
  float: [4, 'float'],
  boolean: [5, 'integer'],
  type: [6, 'integer'],
  shape: [7, shape],
  tensor: [8, tensor],
} as const

const node = {
  name: [1, 'text'],
  operation: [2, 'text'],
  inputs: [3, 'text'],
  attributes: [5, { key: [1, 'text'], value: [2, value] }],
} as const

/** TensorFlow's `GraphDef`. */
export const graphDefSchema: ProtobufSchema = { nodes: [1, node] }

/** The `AttrValue` of an attribute. */
function valueTree({ text, number, flag, numbers, texts }: TfAttribute): Tree {
  if (text !== undefined) return { text: [text] }
  if (flag !== undefined) return { boolean: [flag ? 1 : 0] }
  if (numbers !== undefined) return { list: [{ integers: [numbers] }] }
  if (texts !== undefined) return { list: [{ texts }] }
  return number === undefined ? { type: [1] } : Number.isInteger(number) ? { integer: [number] } : { float: [number] }
}

const attribute = (key: string, held: Tree): Tree => ({ key: [key], value: [held] })
const shapeTree = (extents: readonly number[]): Tree => ({ extents: extents.map((size) => ({ size: [size] })) })

/** `DataType` of float32 and of int32. */
const [float, integer] = [1, 3]

/** A frozen graph of the nodes that `toTfjs` writes. */
export function frozenTree(network: RunnableNetwork): { readonly nodes: readonly Tree[] } {
  const tree = tfjsTree(network)
  const constants = weightsOf(tree)
  const { height, width } = network.architecture.input
  const nodes = nodesOf(tree).map(({ name, operation, inputs, attributes }): Tree => {
    const start = { name: [name], operation: [operation], inputs }
    if (operation === 'Placeholder')
      return { ...start, attributes: [attribute('shape', { shape: [shapeTree([-1, height, width, 3])] })] }
    const constant = constants.get(name)
    if (operation === 'Const' && constant !== undefined) {
      const integers = /(axes|shape)$/.test(name)
      const content = new Uint8Array((integers ? Int32Array : Float32Array).from(constant.values).buffer)
      const held = { type: [integers ? integer : float], shape: [shapeTree(constant.shape)], content: [content] }
      return { ...start, attributes: [attribute('value', { tensor: [held] })] }
    }
    return { ...start, attributes: [...attributes].map(([key, held]) => attribute(key, valueTree(held))) }
  })
  return { nodes }
}

/** The last value of a field. */
function last(tree: Tree | undefined, name: string): Tree | undefined {
  return listIn(memberIn(tree, name)).at(-1)
}

function attributeOf(held: Tree | undefined): TfAttribute {
  const list = last(held, 'list')
  const [text, flag, number, real] = ['text', 'boolean', 'integer', 'float'].map((name) => last(held, name))
  return {
    text: text === undefined ? undefined : textIn(text),
    flag: flag === undefined ? undefined : Math.trunc(numberIn(flag)) !== 0,
    number: real !== undefined ? Math.fround(numberIn(real)) : number === undefined ? undefined : Math.trunc(numberIn(number)),
    numbers:
      list === undefined
        ? undefined
        : listIn(memberIn(list, 'integers')).flatMap((packed) => listIn(packed).map((each) => Number(integerIn(each)))),
    texts: list === undefined ? undefined : listIn(memberIn(list, 'texts')).map(textIn),
  }
}

function nodeOf(tree: Tree): TfNode {
  return {
    name: textIn(last(tree, 'name')),
    operation: textIn(last(tree, 'operation')),
    inputs: listIn(memberIn(tree, 'inputs')).map(textIn),
    attributes: new Map(
      listIn(memberIn(tree, 'attributes')).map((entry) => [textIn(last(entry, 'key')), attributeOf(last(entry, 'value'))]),
    ),
  }
}

function constantOf(tree: Tree): Values | null {
  const entry = listIn(memberIn(tree, 'attributes')).findLast((each) => textIn(last(each, 'key')) === 'value')
  const held = last(last(entry, 'value'), 'tensor')
  if (held === undefined) return null
  const extents = listIn(memberIn(last(held, 'shape'), 'extents')).map((extent) => Math.trunc(numberIn(last(extent, 'size'))))
  const [type, content] = [Math.trunc(numberIn(last(held, 'type'))), bytesIn(last(held, 'content'))]
  if (type !== float && type !== integer) throw new UndefinedGraph(`a constant of type ${type}, with ${content.length} bytes`)
  if (content.length % 4 !== 0) throw new UndefinedGraph('a constant that ends in the middle of a number')
  // Values that are left out are zeros.
  const bytes =
    content.length > 0 ? content.slice().buffer : new ArrayBuffer(4 * extents.reduce((product, extent) => product * extent, 1))
  return valuesOf(extents, type === float ? new Float32Array(bytes) : new Int32Array(bytes))
}

/**
 * Computes the output of a frozen graph: the node that depends on the input and that no other takes; if there are several, the last.
 * @throws UndefinedGraph if the graph does not say what to compute
 */
export function runFrozen(tree: Tree, input: Values): Values {
  const trees = listIn(memberIn(tree, 'nodes'))
  const nodes = trees.map(nodeOf)
  const fed = new Set(nodes.filter(({ operation }) => operation === 'Placeholder').map(({ name }) => name))
  const takes = ({ inputs }: TfNode, names: ReadonlySet<string>): boolean =>
    inputs.some((from) => names.has(from.replace(/:0$/, '')))
  for (let before = -1; before < fed.size; ) {
    before = fed.size
    for (const each of nodes) if (takes(each, fed)) fed.add(each.name)
  }
  const ends = nodes.filter(
    ({ name }) => fed.has(name) && !nodes.some((each) => fed.has(each.name) && takes(each, new Set([name]))),
  )
  const end = ends.at(-1)
  const needed = new Set(end === undefined ? [] : [end])
  // The loop also visits the nodes that it adds to the set.
  for (const each of needed) for (const other of nodes) if (takes(each, new Set([other.name]))) needed.add(other)
  // Constants that are not needed may be damaged.
  const constants = new Map<string, Values>()
  for (const [index, each] of nodes.entries()) {
    const constant = each.operation === 'Const' && needed.has(each) ? constantOf(trees[index]!) : null
    if (constant !== null) constants.set(each.name, constant)
  }
  return runTensorflow(nodes, constants, end?.name ?? '', input)
}
