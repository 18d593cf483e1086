import { expect, test } from 'vitest'
import { readCheckpoint } from '../src/index.js'
import { refusalOf } from './support/expect-refusal.js'
import { type Field, messageOf } from './support/protobuf-fields.js'
import {
  attribute,
  block,
  bundleEntry,
  bundleHeader,
  call,
  constant,
  convolution,
  type FunctionParts,
  footer,
  graphFields,
  handle,
  node,
  placeholder,
  type SavedModelParts,
  savedModel,
  sortedTable,
  varint,
} from './support/tensorflow-messages.js'

const kernel = constant('kernel', [3, 3, 3, 8])
const chain = [placeholder, kernel, convolution('conv', 'input', 'kernel')]

const frozen = (nodes: readonly (readonly Field[])[], functions?: readonly FunctionParts[]): Uint8Array =>
  messageOf(graphFields(nodes, functions))

async function messageIn(
  bytes: Uint8Array,
  siblings: Readonly<Record<string, Uint8Array>> = {},
  file = 'a.index',
): Promise<string> {
  const readSibling = async (name: string): Promise<Uint8Array | null> => siblings[name] ?? null
  return (await refusalOf(() => readCheckpoint(bytes, { file, readSibling }))).message
}

test('a constant of one value is filled as its shape says, and a chain is read', async () => {
  const { tensors, graph } = await readCheckpoint(frozen(chain))
  expect(graph?.operators).toHaveLength(1)
  expect(new Float32Array(tensors.get('kernel')!.bytes.slice().buffer)).toEqual(new Float32Array(216).fill(1))
})

test('an input that the output does not need is left out, whatever it takes', async () => {
  const other = [node('other', 'Placeholder'), node('loop', 'AddV2', ['other', 'loop']), node('end', 'Relu6', ['conv'])]
  expect((await readCheckpoint(frozen([...chain, ...other]))).graph?.operators).toMatchObject([{ activation: 'relu6' }])
})

const long = Array.from({ length: 15_000 }, (_, index) => node(`n${index}`, 'Identity', [index === 0 ? 'conv' : `n${index - 1}`]))

test('a chain of 15,000 nodes is walked without recursion', async () => {
  expect((await readCheckpoint(frozen([...chain, ...long]))).graph?.operators).toHaveLength(1)
})

test.each([
  ['without an input', [kernel], 'no output that depends on its input'],
  ['with two inputs', [...chain, node('other', 'Placeholder'), node('sum', 'AddV2', ['conv', 'other'])], 'one input'],
  [
    'of nodes that depend on each other',
    [placeholder, node('a', 'AddV2', ['input', 'b']), node('b', 'Relu6', ['a']), node('c', 'Relu6', ['b'])],
    'depend on each other',
  ],
  ['of a node that is not there', [placeholder, node('a', 'AddV2', ['input', 'nothing'])], 'takes an input that does not exist'],
  ['whose middle is not there', [...chain, convolution('next', 'gone', 'kernel')], 'takes an input that does not exist'],
  [
    'whose second half does not depend on its input',
    [...chain, convolution('next', 'kernel', 'kernel')],
    'does not depend on its input',
  ],
  ['of a node that waits for none', [...chain, node('end', 'Relu6', ['conv', '^gone'])], 'takes an input that does not exist'],
  ['of a second output that there is not', [...chain, node('end', 'Relu6', ['conv:1'])], 'conv:1, which nothing gives'],
  ['of an output that is no number', [...chain, node('end', 'Relu6', ['conv:x'])], 'takes an input that does not exist'],
  ['of an input too many', [...chain, node('end', 'Relu6', ['conv', 'conv'])], 'expected: 1 inputs'],
  ['of a reshape by floats', [...chain, constant('shape', [2]), node('end', 'Reshape', ['conv', 'shape'])], 'constants as input 1'],
  ['of three strides', [placeholder, kernel, convolution('conv', 'input', 'kernel', [1, 2, 2])], 'one stride'],
  ['of five strides', [placeholder, kernel, convolution('conv', 'input', 'kernel', [1, 2, 2, 1, 1])], 'one stride'],
  [
    'of an attribute that holds another kind',
    [placeholder, kernel, [...convolution('conv', 'input', 'kernel'), attribute('data_format', [3, 1])]],
    'text in the attribute data_format',
  ],
  ['with two nodes of one name', [placeholder, placeholder], 'one name'],
  [
    'with a variable',
    [placeholder, node('kernel', 'VarHandleOp'), node('read', 'ReadVariableOp', ['kernel']), convolution('conv', 'input', 'read')],
    'are in other files',
  ],
  [
    'of 30,000 nodes in a chain',
    [...chain, ...long, ...long.map((_, index) => node(`m${index}`, 'Identity', [index === 0 ? 'n14999' : `m${index - 1}`]))],
    'at most 20000 tensors and nodes',
  ],
  ['of 110,000 nodes', Array.from({ length: 110_000 }, (_, index) => node(`n${index}`, 'NoOp')), 'more than its size can justify'],
  [
    'with a constant without a value',
    [placeholder, node('kernel', 'Const'), convolution('conv', 'input', 'kernel')],
    'has no value',
  ],
  [
    'with a constant of texts',
    [placeholder, constant('kernel', [1], [[1, 7]]), convolution('conv', 'input', 'kernel')],
    "TensorFlow's type 7",
  ],
  [
    'with a constant of a negative extent',
    [placeholder, constant('kernel', [-3, -3, 3, 8]), convolution('conv', 'input', 'kernel')],
    'the bytes that its shape needs',
  ],
  [
    'with a constant of 2^60 values',
    [placeholder, constant('kernel', [2 ** 30, 2 ** 30]), convolution('conv', 'input', 'kernel')],
    'more than its size can justify',
  ],
  [
    'with a constant of more values than its shape',
    [
      placeholder,
      constant(
        'kernel',
        [1],
        [
          [1, 1],
          [4, new Uint8Array(8)],
        ],
      ),
      convolution('conv', 'input', 'kernel'),
    ],
    'the bytes that its shape needs',
  ],
  [
    'with a constant whose bytes are fewer than its shape',
    [
      placeholder,
      constant(
        'kernel',
        [3, 3, 3, 8],
        [
          [1, 1],
          [4, new Uint8Array(8)],
        ],
      ),
      convolution('conv', 'input', 'kernel'),
    ],
    'the bytes that its shape needs',
  ],
  [
    'with a constant of another type than its bytes',
    [
      placeholder,
      constant(
        'kernel',
        [3, 3, 3, 8],
        [
          [1, 2],
          [4, new Uint8Array(864)],
        ],
      ),
      convolution('conv', 'input', 'kernel'),
    ],
    'the bytes that its shape needs',
  ],
  [
    'with a constant of another type than its values',
    [
      placeholder,
      constant(
        'kernel',
        [3, 3, 3, 8],
        [
          [1, 2],
          [5, new Uint8Array(4)],
        ],
      ),
      convolution('conv', 'input', 'kernel'),
    ],
    'in another place than its type says',
  ],
  [
    'with a constant of bytes and of values',
    [
      placeholder,
      constant(
        'kernel',
        [1],
        [
          [1, 1],
          [4, new Uint8Array(4)],
          [5, new Uint8Array(4)],
        ],
      ),
      convolution('conv', 'input', 'kernel'),
    ],
    'in another place than its type says',
  ],
  [
    'with 2 MB of integers one by one',
    [
      placeholder,
      constant(
        'kernel',
        [2 ** 21],
        [
          [1, 3],
          [7, new Uint8Array(2 ** 21)],
        ],
      ),
      convolution('conv', 'input', 'kernel'),
    ],
    'a kernel HWIO',
  ],
] as [string, readonly (readonly Field[])[], string][])('a frozen graph %s', async (_, nodes, expected) => {
  expect(await messageIn(frozen(nodes))).toContain(expected)
})

const body: FunctionParts = {
  name: 'f',
  inputs: ['x'],
  nodes: [kernel, convolution('conv', 'x', 'kernel:output:0')],
  returns: 'conv:output:0',
}

test('calls of functions are resolved', async () => {
  const outer: FunctionParts = { name: 'g', inputs: ['y'], nodes: [call('inner', 'f', ['y'])], returns: 'inner:output:0' }
  const { graph } = await readCheckpoint(
    frozen([placeholder, call('outer', 'g', ['input']), node('end', 'Relu6', ['outer'])], [body, outer]),
  )
  expect(graph?.operators).toMatchObject([{ kind: 'convolution', activation: 'relu6' }])
})

const doubling = (depth: number): FunctionParts[] =>
  Array.from({ length: depth }, (_, index) => ({
    name: `f${index}`,
    inputs: ['x'],
    nodes:
      index === 0 ? [node('a', 'Relu6', ['x'])] : [call('a', `f${index - 1}`, ['x']), call('b', `f${index - 1}`, ['a:output:0'])],
    returns: index === 0 ? 'a:activations:0' : 'b:output:0',
  }))

test.each([
  ['itself', [{ name: 'f', inputs: ['x'], nodes: [call('again', 'f', ['x'])], returns: 'again:output:0' }], 'at most 100 levels'],
  [
    'what it is given, from itself',
    [{ name: 'f', inputs: ['x'], nodes: [], returns: 'x' }],
    'functions that return what they are given',
  ],
  ['a function that is not there', [], 'is not there'],
  [
    '2^20 functions, each by two others',
    [...doubling(20), { name: 'f', inputs: ['x'], nodes: [call('a', 'f19', ['x'])], returns: 'a:output:0' }],
    'at most 20000 tensors and nodes',
  ],
  ['nothing', [{ name: 'f', inputs: ['x'], nodes: [], returns: '' }], 'takes an input that does not exist'],
] as [string, FunctionParts[], string][])('a function that returns %s', async (title, functions, expected) => {
  const input = title.startsWith('what it is given') ? 'call' : 'input'
  const nodes = [placeholder, call('call', 'f', [input]), node('end', 'AddV2', ['call', 'input'])]
  expect(await messageIn(frozen(nodes, functions))).toContain(expected)
})

const parts: SavedModelParts = { nodes: chain, output: 'conv:0' }

test('a SavedModel without variables needs no other file', async () => {
  const { format, metadata } = await readCheckpoint(savedModel(parts))
  expect({ format, metadata }).toEqual({ format: 'tensorflow-saved-model', metadata: { tensorflow_version: '2.0' } })
  expect((await readCheckpoint(savedModel({ ...parts, tag: 'other', signature: 'mine' }))).graph?.operators).toHaveLength(1)
})

test.each([
  ['a signature of nothing', { ...parts, signature: '__saved_model_init_op' }, 'does not say which of its functions predicts'],
  ['an output that is not there', { ...parts, output: 'nothing:0' }, 'takes an input that does not exist'],
  ['an input that is not there', { ...parts, input: 'nothing:0' }, 'takes an input that does not exist'],
  ['an input inside of its graph', { ...parts, input: 'conv:0' }, 'a node inside of its graph'],
  [
    'a node that waits for none',
    { ...parts, nodes: [...chain, node('end', 'Relu6', ['conv', '^gone'])], output: 'end:0' },
    'an input that does not exist',
  ],
  ['objects that are damaged', { ...parts, objects: [[1, Uint8Array.of(0x0a, 0x7f)]] }, 'not beside it'],
] as [string, SavedModelParts, string][])('a SavedModel with %s', async (title, changed, expected) => {
  const withVariable = [
    placeholder,
    node('kernel', 'VarHandleOp'),
    node('read', 'ReadVariableOp', ['kernel']),
    convolution('conv', 'input', 'read'),
  ]
  const bytes = savedModel(title.startsWith('objects') ? { ...changed, nodes: withVariable } : changed)
  expect(await messageIn(bytes)).toContain(expected)
})

const variable: SavedModelParts = {
  nodes: [
    placeholder,
    node('kernel', 'VarHandleOp'),
    node('read', 'ReadVariableOp', ['kernel']),
    convolution('conv', 'input', 'read'),
  ],
  output: 'conv:0',
}
const size = 4 * 216
const data = new Uint8Array(size)
const besideSaved = (entries: Parameters<typeof sortedTable>[0]): Record<string, Uint8Array> => ({
  'variables/variables.index': sortedTable(entries),
  'variables/variables.data-00000-of-00001': data,
})

test("a variable is found by its name, as TensorFlow 1 stores it, and is a view of the file's bytes", async () => {
  const siblings = besideSaved([bundleHeader, bundleEntry('kernel', [3, 3, 3, 8], 0, size)])
  const { tensors } = await readCheckpoint(savedModel(variable), { readSibling: async (name) => siblings[name] ?? null })
  expect(tensors.get('kernel')?.bytes.buffer).toBe(data.buffer)
})

test.each([
  ['is not in the checkpoint', [bundleHeader], 'got: nothing'],
  ['is a text', [bundleHeader, bundleEntry('kernel', [], 0, 1, [[1, 7]])], "TensorFlow's type 7"],
] as [string, Parameters<typeof sortedTable>[0], string][])('a variable that %s', async (_, entries, expected) => {
  expect(await messageIn(savedModel(variable), besideSaved(entries))).toContain(expected)
})

const indexOf = (...entries: Parameters<typeof sortedTable>[0]): Uint8Array => sortedTable([bundleHeader, ...entries])
const besideIndex = { 'a.data-00000-of-00001': data }

test('a checkpoint whose entries fit is read', async () => {
  const { tensors } = await readCheckpoint(indexOf(bundleEntry('w', [2], 8, 8)), {
    file: '/somewhere/a.index',
    readSibling: async (name) => (name === 'a.data-00000-of-00001' ? data : null),
  })
  expect(tensors.get('w')?.bytes.byteOffset).toBe(8)
})

test.each([
  ['beyond its file', indexOf(bundleEntry('w', [2], size, 8)), 'is not inside its file'],
  ['before its file', indexOf(bundleEntry('w', [2], -8, 8)), 'is not inside its file'],
  [
    'in a file that there is not',
    indexOf(
      bundleEntry('w', [2], 0, 8, [
        [1, 1],
        [3, 7],
      ]),
    ),
    'file 7 of 1',
  ],
  ['of fewer bytes than its shape', indexOf(bundleEntry('w', [3], 0, 8)), 'the bytes that its shape needs'],
  ['of a negative extent', indexOf(bundleEntry('w', [-1], 0, 4)), 'an impossible shape'],
  ['of 2^60 values', indexOf(bundleEntry('w', [2 ** 30, 2 ** 30], 0, 4)), 'the bytes that its shape needs'],
  [
    'in slices',
    indexOf(
      bundleEntry('w', [2], 0, 8, [
        [1, 1],
        [7, []],
      ]),
    ),
    'in slices',
  ],
] as [string, Uint8Array, string][])('a tensor %s', async (_, index, expected) => {
  expect(await messageIn(index, besideIndex)).toContain(expected)
})

const [table, end] = [sortedTable([bundleHeader]), handle(0, 1)]
const compressed = sortedTable([bundleHeader], 1)
const onlyFooter = (index: readonly number[], before: Uint8Array = new Uint8Array()): Uint8Array =>
  Uint8Array.from([...before, ...footer(index)])
const restarts = Uint8Array.from([...new Array<number>(8).fill(0xff), 0, 0, 0, 0, 0])

test.each([
  ['compressed', compressed, 'Snappy'],
  ['without a header', sortedTable([]), 'no header'],
  ['of 2000 files', sortedTable([['', messageOf([[1, 2000]])]]), '2000 files'],
  ['of no file', sortedTable([['', messageOf([[1, 0]])]]), '0 files'],
  [
    'big-endian',
    sortedTable([
      [
        '',
        messageOf([
          [1, 1],
          [2, 1],
        ]),
      ],
    ]),
    'big-endian',
  ],
  ['with a block beyond its end', onlyFooter(handle(2 ** 40, 2 ** 40)), 'damaged'],
  ['with an empty block', onlyFooter(end), 'damaged'],
  ['with 2^32 restarts', onlyFooter(handle(0, 8), restarts), 'restarts'],
  [
    'with two entries of one key',
    sortedTable([bundleHeader, bundleEntry('w', [], 0, 4), bundleEntry('w', [], 0, 4)]),
    'two entries',
  ],
  ['with a number without an end', onlyFooter([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), 'no end'],
  ['cut at its start', table.subarray(10), 'damaged'],
] as [string, Uint8Array, string][])('an index %s', async (_, index, expected) => {
  expect(await messageIn(index, besideIndex)).toContain(expected)
})

test('a key that shares more than there is', async () => {
  const shared = Uint8Array.from([200, 1, 1, 65, 65, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
  const index = block([['z', Uint8Array.from(handle(0, shared.length - 5))]])
  const bytes = Uint8Array.from([...shared, ...index, ...footer(handle(shared.length, index.length - 5))])
  expect(await messageIn(bytes, besideIndex)).toContain('damaged')
})

test.each([
  ['a graph', frozen(chain)],
  ['a SavedModel', savedModel(parts)],
])('%s that is cut off anywhere', async (_, bytes) => {
  for (let length = 8; length < bytes.length; length += 7) {
    const error = await refusalOf(() => readCheckpoint(bytes.subarray(0, length)))
    expect(error.code).toBe('CHECKPOINT')
  }
})

test('ONNX is not taken for a SavedModel or a graph, nor the other way round', async () => {
  const onnx = (version: number): Uint8Array =>
    messageOf([
      [1, version],
      [2, '\npytorch'.repeat(30)],
      [7, []],
    ])
  expect(await messageIn(onnx(8))).toContain('input is not pictures')
  expect(await messageIn(onnx(7))).toContain('input is not pictures')
  expect((await readCheckpoint(frozen(chain))).format).toBe('tensorflow-graph')
  expect((await readCheckpoint(savedModel(parts))).format).toBe('tensorflow-saved-model')
  const other = messageOf([
    [
      1,
      [
        [1, 'name'],
        [2, [[1, 'no operator']]],
      ],
    ],
  ])
  expect(await messageIn(other, {}, 'b')).toContain('format of this file is not known')
})

test('a list of checkpoints of line feeds alone is refused at once', { timeout: 5000 }, async () => {
  const list = new TextEncoder().encode(`model_checkpoint_path:${'\n'.repeat(60_000)}`)
  expect(await messageIn(list, {}, 'checkpoint')).toContain('not named')
  const queries = new TextEncoder().encode(`model_checkpoint_path: "${'?'.repeat(60_000)}\n"`)
  expect(await messageIn(queries, {}, 'checkpoint')).toContain('not named')
})

test('the name of the function that a node calls is read once for each call', { timeout: 20_000 }, async () => {
  const junk = Array.from({ length: 200_000 }, (): Field => [90, 1])
  const attributes: Field = [
    5,
    [
      [1, 'f'],
      [2, [...junk, [10, [[1, 'body']]]]],
    ],
  ]
  const called = node('called', 'StatefulPartitionedCall', ['input'], [attributes])
  const inputs = Array.from({ length: 4000 }, () => 'called')
  const body: FunctionParts = { name: 'body', inputs: ['x'], nodes: [], returns: 'x' }
  const message = await messageIn(frozen([placeholder, called, node('sum', 'AddN', inputs)], [body]), {}, 'a.pb')
  expect(message).toContain('AddN')
})

test('variables under one full name are compared up to a limit', { timeout: 20_000 }, async () => {
  const values = new Uint8Array(4_000_000)
  const count = 2000
  const keys = Array.from({ length: count }, (_, index) => `key${String(index).padStart(5, '0')}`)
  const attributesOf = keys.map(
    (key): Field => [
      2,
      [
        [2, 'kernel'],
        [3, key],
      ],
    ],
  )
  const objectGraph = messageOf([[1, attributesOf]])
  const stored = Uint8Array.from([...varint(objectGraph.length), 0, 0, 0, 0, ...objectGraph])
  const data = new Uint8Array(values.length + 4 * count + stored.length)
  data.set(stored, values.length + 4 * count)
  const index = sortedTable([
    bundleHeader,
    bundleEntry('_CHECKPOINTABLE_OBJECT_GRAPH', [], values.length + 4 * count, stored.length, [[1, 7]]),
    ...keys.map((key, place) => bundleEntry(key, [values.length / 4], 4 * place, values.length)),
  ])
  const readSibling = async (): Promise<Uint8Array> => data
  const { message } = await refusalOf(() => readCheckpoint(index, { file: 'a.index', readSibling }))
  expect(message).toContain('the copies of variables')
})
