import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { readCheckpoint, readNetwork, toOnnx } from '../src/index.js'
import { refusalOf } from './support/expect-refusal.js'
import { find, patched } from './support/goldens.js'

type Field = readonly [number: number, value: number | string | Uint8Array | readonly Field[]]

function message(fields: readonly Field[]): Uint8Array {
  const writer = new BinaryWriter()
  for (const [number, value] of fields) {
    if (typeof value === 'number') writer.tag(number, WireType.Varint).int64(value)
    else {
      const bytes =
        typeof value === 'string' ? new TextEncoder().encode(value) : value instanceof Uint8Array ? value : message(value)
      writer.tag(number, WireType.LengthDelimited).bytes(bytes)
    }
  }
  return writer.finish()
}

const input: Field = [
  11,
  [
    [1, 'input'],
    [2, [[1, [[2, [1, 3, 32, 32].map((extent): Field => [1, [[1, extent]]])]]]]],
  ],
]

function onnx(graph: readonly Field[]): Uint8Array {
  return message([
    [1, 7],
    [7, [...graph, input]],
  ])
}

const tensor = (...fields: readonly Field[]): Field => [5, [[8, 'kernel'], ...fields]]
const float = 1
/** A value in another file. */
const elsewhere = (location: string, length = 4): Field =>
  tensor(
    [1, 1],
    [2, float],
    [14, 1],
    [
      13,
      [
        [1, 'location'],
        [2, location],
      ],
    ],
    [
      13,
      [
        [1, 'length'],
        [2, String(length)],
      ],
    ],
  )
const integer = 3

function node(operation: string, inputs: readonly string[], attributes: readonly Field[] = []): Field {
  return [
    1,
    [
      ...inputs.map((name): Field => [1, name]),
      [2, 'output'],
      [4, operation],
      ...attributes.map((field): Field => [5, [field[1] === '' ? field : [1, 'pads'], field]]),
    ],
  ]
}

/** A node with this output. */
function nodeTo(output: string, operation: string, inputs: readonly string[]): Field {
  return [1, [...inputs.map((name): Field => [1, name]), [2, output], [4, operation]]]
}

/** A constant of integers. */
function shapeConstant(values: readonly number[]): Field {
  return [
    5,
    [
      [8, 'shape'],
      [1, values.length],
      [2, 7],
      [9, new Uint8Array(BigInt64Array.from(values, BigInt).buffer)],
    ],
  ]
}

test.each([
  ['in another file', elsewhere('model.data'), 'are in another file'],
  ['in a file of another length', elsewhere('model.data', 5), '5 bytes from 0'],
  ['of strings', tensor([1, 1], [2, 8]), 'type that no parameter has'],
  ['of no type', tensor([1, 1]), 'type that no parameter has'],
  ['of more bytes than its shape', tensor([1, 1], [2, float], [9, new Uint8Array(8)]), 'the bytes that its shape needs'],
  ['of no bytes', tensor([1, 2], [2, float]), 'the bytes that its shape needs'],
  ['of a negative extent', tensor([1, -1], [1, -1], [2, float], [9, new Uint8Array(4)]), 'the bytes that its shape needs'],
  [
    'of 2^62 integers',
    tensor([1, 2 ** 31], [1, 2 ** 31], [2, integer], [5, new Uint8Array([1])]),
    'the bytes that its shape needs',
  ],
  ['of integers without an end', tensor([1, 2], [2, integer], [5, new Uint8Array([0x80, 0x80])]), 'CHECKPOINT'],
])('a tensor %s', async (_, field, expected) => {
  const error = await refusalOf(() => readCheckpoint(onnx([field])))
  expect(`${error.code} ${error.message}`).toContain(expected)
})

test.each([
  ['raw', [2, 1], [9, Uint8Array.of(0, 0, 128, 63)], [0, 0, 128, 63]],
  ['packed floats', [2, 1], [4, Uint8Array.of(0, 0, 128, 63)], [0, 0, 128, 63]],
  ['packed doubles', [2, 11], [10, Uint8Array.of(0, 0, 0, 0, 0, 0, 240, 63)], [0, 0, 0, 0, 0, 0, 240, 63]],
  ['packed integers', [2, 3], [5, Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1)], [0xfe]],
  ['one integer', [2, 6], [5, 7], [7, 0, 0, 0]],
  ['float16 in integers', [2, 10], [5, Uint8Array.of(0x80, 0x78)], [0, 60]],
] as [string, Field, Field, number[]][])('a kernel stored as %s is read', async (_, type, data, expected) => {
  const small = tensor([1, 1], [1, 1], [1, 1], [1, 1], type, data)
  const { tensors } = await readCheckpoint(onnx([small, node('Conv', ['input', 'kernel'])]))
  expect([...tensors.get('kernel')!.bytes]).toEqual(expected)
})

/** A convolution with an attribute of integers. */
function windowed(name: string, ...values: readonly number[]): Field {
  const attribute: Field = [5, [[1, name], ...values.map((value): Field => [8, value])]]
  return [1, [[1, 'input'], [1, 'kernel'], [2, 'output'], [4, 'Conv'], attribute]]
}

const kernel = tensor([1, 8], [1, 3], [1, 3], [1, 3], [2, float], [9, new Uint8Array(8 * 27 * 4)])

test.each([
  ['an operator of another network', [kernel, node('LSTM', ['input', 'kernel'])], 'LSTM'],
  ['a convolution without a kernel', [node('Conv', ['input', 'input'])], 'a constant as input 1'],
  ['a convolution of what is not there', [kernel, node('Conv', ['nothing', 'kernel'])], 'takes an input that does not exist'],
  ['a bias that is not there', [kernel, node('Conv', ['input', 'kernel', 'nothing'])], 'takes an input that does not exist'],
  [
    'an operator aside that takes what is not there',
    [kernel, node('Conv', ['input', 'kernel']), nodeTo('b', 'Relu', ['x'])],
    'an input that does not exist',
  ],
  ['a convolution of two biases', [kernel, node('Conv', ['input', 'kernel', 'kernel', 'kernel'])], '2 to 3 inputs'],
  ['a maximum of three', [kernel, node('Max', ['input', 'kernel', 'kernel'])], '1 to 2 inputs'],
  ['a window that is not that of its kernel', [kernel, windowed('kernel_shape', 3, 1)], 'kernel_shape 3, 3'],
  ['one dilation', [kernel, windowed('dilations', 1)], 'dilations of height and width'],
  ['groups that are no number', [kernel, windowed('group')], 'an integer group'],
  ['three strides', [kernel, windowed('strides', 1, 1, 1)], 'strides of height and width'],
  ['an output without a name', [kernel, node('Conv', ['input', 'kernel']), [12, [[1, '']]]], 'No operator gives an output'],
  ['an activation of the input', [kernel, node('Relu', ['input'])], 'follows no convolution'],
  ["ONNX Runtime's order for one processor", [kernel, node('ReorderInput', ['input'])], 'lower optimisation level'],
  ['an operator of object detectors', [kernel, node('NonMaxSuppression', ['input'])], 'an object detector'],
  ['two tensors of one name', [kernel, kernel], 'one name'],
  ['two inputs', [input], 'not pictures'],
])('%s', async (_, fields, expected) => {
  expect((await refusalOf(() => readCheckpoint(onnx(fields as Field[])))).message).toContain(expected)
})

test('no graph, or two', async () => {
  const graph: Field = [7, [input]]
  for (const graphs of [[], [graph, graph]]) {
    expect((await refusalOf(() => readCheckpoint(message([[1, 7], [2, 'nobody'], ...graphs])))).message).toContain(
      `${graphs.length} graphs`,
    )
  }
})

test('300,000 nodes', async () => {
  const nodes = Array.from({ length: 300_000 }, (): Field => [1, []])
  expect((await refusalOf(() => readCheckpoint(onnx(nodes)))).message).toContain('asks for more than its size can justify')
})

test('a file that is cut off anywhere, or whose pool is an unknown operator', async () => {
  const architecture = defineMobileNetV2({ widthMultiplier: 0.1, headChannels: 16, classes: 3, height: 32, width: 32 })
  const bytes = toOnnx({ architecture, parameters: seededParameters(architecture) })
  for (let length = 4; length < bytes.length; length += Math.floor(bytes.length / 37)) {
    expect((await refusalOf(() => readNetwork(bytes.subarray(0, length)))).code).toBe('CHECKPOINT')
  }
  const pool = patched(bytes, find(bytes, 'GlobalAveragePool'), new TextEncoder().encode('GlobalAbsentPool '))
  expect((await refusalOf(() => readCheckpoint(pool))).message).toContain('GlobalAbsentPool')
})

test('values in another file are views of it; a file that is short, or not there, is refused', async () => {
  const bytes = onnx([elsewhere('model.data'), node('Conv', ['input', 'kernel'])])
  const read = (sibling: Uint8Array | null): ReturnType<typeof readCheckpoint> =>
    readCheckpoint(bytes, { readSibling: async () => sibling })
  expect((await refusalOf(() => read(new Uint8Array(3)))).message).toContain('too short')
  expect((await refusalOf(() => read(null))).message).toContain('is not there')
})

test.each(['model (1).data', './modèle.data', '../model.data', '/etc/passwd', ''])('values in the file %j', async (name) => {
  const asked: string[] = []
  const readSibling = async (path: string): Promise<null> => {
    asked.push(path)
    return null
  }
  const isBeside = name.includes('.data') && !name.startsWith('..')
  const error = await refusalOf(() => readCheckpoint(onnx([elsewhere(name)]), { readSibling }))
  expect(error.message).toContain(isBeside ? 'is not there' : 'not beside it')
  expect(asked).toEqual(isBeside ? [name.replace('./', '')] : [])
})

test.each([
  ['of itself', [nodeTo('a', 'Relu', ['b']), nodeTo('b', 'Relu', ['a']), nodeTo('c', 'Relu', ['a'])], 'depend on each other'],
  ['with two of one name', [nodeTo('a', 'Relu', ['input']), nodeTo('a', 'Relu', ['input'])], 'one output'],
  ['of a shape of 10^9 values', [shapeConstant([1_000_000_000]), nodeTo('a', 'ConstantOfShape', ['shape'])], 'at most 64'],
  ['reshaped to what it is not', [shapeConstant([7]), nodeTo('a', 'Reshape', ['input', 'shape'])], 'a reshape of [1, 3, 32, 32]'],
  ['of a pool of a part', [nodeTo('a', 'ReduceMax', ['input', 'shape']), shapeConstant([1])], 'a pool over height and width'],
])('a graph %s', async (_, fields, expected) => {
  expect((await refusalOf(() => readCheckpoint(onnx(fields as Field[])))).message).toContain(expected)
})

test('a chain of 10,000 activations', async () => {
  const chain = Array.from({ length: 10_000 }, (_, index) => nodeTo(`a${index + 1}`, 'Relu', [index === 0 ? 'input' : `a${index}`]))
  expect((await refusalOf(() => readCheckpoint(onnx(chain)))).message).toContain('follows no convolution')
})

test('a number of an attribute that is left out is 0, as its type says', async () => {
  const type: Field = [20, 2]
  const typed: Field = [5, [[1, 'group'], type]]
  const groups = [1, [[1, 'input'], [1, 'kernel'], [2, 'output'], [4, 'Conv'], typed]] as Field
  expect((await refusalOf(() => readCheckpoint(onnx([kernel, groups])))).message).toContain('group 0')
})
