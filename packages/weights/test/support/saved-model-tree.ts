import type { RunnableNetwork } from '../../src/index.js'
import type { FuzzFile } from './fuzz.js'
import { frozenTree, graphDefSchema } from './graph-def-tree.js'
import { type ProtobufSchema, protobufOf } from './protobuf-tree.js'
import type { Tree } from './structure.js'
import { block, footer, handle } from './tensorflow-messages.js'
import { joined } from './tfjs-tree.js'
import { bytesIn, listIn, memberIn, numberIn, textIn } from './tree-values.js'

const output = { key: [1, 'text'], value: [2, { name: [1, 'text'], type: [2, 'integer'] }] } as const

/** TensorFlow's `SavedModel`. */
const savedModelSchema: ProtobufSchema = {
  version: [1, 'integer'],
  metaGraphs: [
    2,
    {
      information: [1, { tags: [4, 'text'], version: [5, 'text'] }],
      graph: [2, graphDefSchema],
      signatures: [5, { key: [1, 'text'], value: [2, { outputs: [2, output] }] }],
    },
  ],
}

const shape = { extents: [2, { size: [1, 'integer'] }] } as const

/** `BundleEntryProto`. */
const entrySchema: ProtobufSchema = {
  type: [1, 'integer'],
  shape: [2, shape],
  shard: [3, 'integer'],
  offset: [4, 'integer'],
  size: [5, 'integer'],
}

/** A variable of a checkpoint. */
interface Variable {
  readonly name: string
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

/** The index of a checkpoint as `{ header, entries }`, and its bytes. */
export function bundleTree(variables: readonly Variable[]): Tree {
  let at = 0
  const sorted = [...variables].sort((a, b) => (a.name < b.name ? -1 : 1))
  const entries = sorted.map(({ name, shape: extents, bytes }) => {
    at += bytes.length
    const held = { extents: extents.map((size) => ({ size: [size] })) }
    return { key: name, entry: { type: [1], shape: [held], offset: [at - bytes.length], size: [bytes.length] } }
  })
  return { shards: 1, entries, data: joined(sorted.map(({ bytes }) => bytes)), blockLength: 0, blockOffset: 0, compression: 0 }
}

/** The files of such a tree. `blockLength` and `blockOffset` are added to the right numbers in the index of blocks. */
export function bundleFiles(tree: Tree): { readonly index: Uint8Array; readonly data: Uint8Array } {
  const number = (name: string): number => numberIn(memberIn(tree, name))
  // A handle holds no negative numbers.
  const whole = (value: number): number => (Number.isFinite(value) ? Math.max(0, Math.min(Math.trunc(value), 2 ** 52)) : 0)
  const header = protobufOf({ shards: [number('shards')] }, { shards: [1, 'integer'] })
  const entries = listIn(memberIn(tree, 'entries')).map((each): [string, Uint8Array] => [
    textIn(memberIn(each, 'key')).slice(0, 2000),
    protobufOf(memberIn(each, 'entry') ?? null, entrySchema),
  ])
  const content = block([['', header], ...entries], number('compression') & 0xff)
  const handles = handle(whole(number('blockOffset')), whole(content.length - 5 + number('blockLength')))
  const index = block([['z', Uint8Array.from(handles)]])
  return {
    index: joined([content, index, footer(handle(content.length, index.length - 5))]),
    data: bytesIn(memberIn(tree, 'data')),
  }
}

/** A SavedModel as `{ model, bundle }`: a frozen graph whose constants of float32 became variables. */
export function savedModelTree(network: RunnableNetwork): Tree {
  const variables: Variable[] = []
  const nodes = frozenTree(network).nodes.flatMap((node): Tree[] => {
    const name = textIn(listIn(memberIn(node, 'name'))[0])
    if (!/(kernel|bias)$/.test(name)) return [node]
    const [attribute] = listIn(memberIn(node, 'attributes'))
    const [tensor] = listIn(memberIn(listIn(memberIn(attribute, 'value'))[0], 'tensor'))
    const [held] = listIn(memberIn(tensor, 'shape'))
    const extents = listIn(memberIn(held, 'extents')).map((extent) => numberIn(listIn(memberIn(extent, 'size'))[0]))
    variables.push({ name: `${name}/variable`, shape: extents, bytes: bytesIn(listIn(memberIn(tensor, 'content'))[0]) })
    return [
      { name: [`${name}/variable`], operation: ['VarHandleOp'] },
      { name: [name], operation: ['ReadVariableOp'], inputs: [`${name}/variable`] },
    ]
  })
  const last = textIn(listIn(memberIn(nodes.at(-1), 'name'))[0])
  const signature = {
    key: ['serving_default'],
    value: [{ outputs: [{ key: ['result'], value: [{ name: [`${last}:0`], type: [1] }] }] }],
  }
  const information = { tags: ['serve'], version: ['2.0'] }
  return {
    model: { version: [1], metaGraphs: [{ information: [information], graph: [{ nodes }], signatures: [signature] }] },
    bundle: bundleTree(variables),
  }
}

/** The files that a tree describes. */
export function savedModelFile(tree: Tree): FuzzFile {
  const { index, data } = bundleFiles(memberIn(tree, 'bundle') ?? null)
  return {
    bytes: protobufOf(memberIn(tree, 'model') ?? null, savedModelSchema),
    file: 'saved/saved_model.pb',
    siblings: new Map([
      ['variables/variables.index', index],
      ['variables/variables.data-00000-of-00001', data],
    ]),
  }
}

/** The files of a checkpoint. */
export function checkpointFile(tree: Tree): FuzzFile {
  const { index, data } = bundleFiles(tree)
  return { bytes: index, file: 'model.index', siblings: new Map([['model.data-00000-of-00001', data]]) }
}
