import { expect, test } from 'vitest'
import { readCheckpoint } from '../src/index.js'
import { refusalOf } from './support/expect-refusal.js'

const weight = { name: 'w', shape: [2, 2], dtype: 'float32' }
const placeholder = { name: 'x', op: 'Placeholder' }

function modelFile(group: object, nodes: readonly object[] = [placeholder]): Uint8Array {
  const model = {
    format: 'graph-model',
    modelTopology: { node: nodes },
    weightsManifest: [{ paths: ['a.bin'], weights: [weight], ...group }],
  }
  return new TextEncoder().encode(JSON.stringify(model))
}

const sixteenBytes = async (): Promise<Uint8Array> => new Uint8Array(16)

async function messageOf(bytes: Uint8Array, readSibling = sixteenBytes): Promise<string> {
  return (await refusalOf(() => readCheckpoint(bytes, { readSibling }))).message
}

test('the weights are read if the shards fit', async () => {
  const { tensors } = await readCheckpoint(modelFile({}), { readSibling: sixteenBytes })
  expect(tensors.get('w')?.bytes.length).toBe(16)
})

test.each([
  ['an address', ['https://example.org/a.bin']],
  ['a way up', ['../a.bin']],
  ['a way up inside', ['a/../../b.bin']],
  ['a root', ['/etc/passwd']],
  ['a way up for Windows', ['..\\a.bin']],
])('a shard that is named by %s is not asked for', async (_, paths) => {
  const readSibling = async (): Promise<Uint8Array> => {
    throw new Error('was asked for')
  }
  expect(await messageOf(modelFile({ paths }), readSibling)).toContain('not beside it')
})

test.each([
  ['a huge extent', { ...weight, shape: [2 ** 40, 2 ** 40] }, 'The shards do not have the bytes'],
  ['a negative extent', { ...weight, shape: [-2, -2] }, 'an impossible shape'],
  ['an extent of text', { ...weight, shape: ['a'] }, 'a number at $.weightsManifest[0].weights[0].shape[0]'],
  ['text', { ...weight, dtype: 'string' }, 'string at'],
  ['no name', { shape: [2, 2], dtype: 'float32' }, 'an object with name'],
  ['a scale of zero', { ...weight, quantization: { dtype: 'uint8', scale: 0, min: 0 } }, 'no positive scale'],
])('a weight with %s', async (_, changed, message) => {
  expect(await messageOf(modelFile({ weights: [changed] }))).toContain(message)
})

test('shards that are too short or too long', async () => {
  for (const length of [0, 15, 17]) {
    expect(await messageOf(modelFile({}), async () => new Uint8Array(length))).toContain('expected: 16 bytes in a.bin')
  }
})

test('no way to the shards', async () => {
  expect((await refusalOf(() => readCheckpoint(modelFile({})))).message).toContain('are in other files')
})

test.each([
  ['an operator of another network', { name: 'y', op: 'LSTM', input: ['x'] }, 'LSTM'],
  ['weights that are computed', { name: 'y', op: 'MatMul', input: ['x', 'x'] }, 'constant weights'],
  ['an activation of the input', { name: 'y', op: 'Relu6', input: ['x'] }, 'follows no convolution'],
  ['strides of text', { name: 'y', op: 'Conv2D', input: ['x', 'w'], attr: { strides: { list: { i: ['a'] } } } }, 'a number at'],
  [
    'a padding that is no base64',
    { name: 'y', op: 'Conv2D', input: ['x', 'w'], attr: { strides: { list: { i: [1, 1, 1, 1] } }, padding: { s: '%' } } },
    'base64',
  ],
  [
    'an attribute that holds nothing',
    { name: 'y', op: 'Conv2D', input: ['x', 'w'], attr: { strides: { list: { i: [1, 1, 1, 1] } }, data_format: { s: null } } },
    'an object with s at',
  ],
])('a graph with %s', async (_, node, message) => {
  expect(await messageOf(modelFile({}, [placeholder, node]))).toContain(message)
})

test('operators that depend on each other', async () => {
  const nodes = [
    { name: 'y', op: 'Relu6', input: ['z'] },
    { name: 'z', op: 'Relu6', input: ['y'] },
    { name: 'end', op: 'Relu6', input: ['z'] },
  ]
  expect(await messageOf(modelFile({}, [placeholder, ...nodes]))).toContain('depend on each other')
})

test.each([
  ['no JSON', '{"format"', 'is not valid JSON'],
  ['JSON of 5 MB', `{"format": "${'x'.repeat(5_000_000)}"}`, 'format graph-model'],
  ['arrays in arrays, a million deep', `{"a": ${'['.repeat(1_000_000)}`, 'at most 100 levels'],
  [
    'a million nodes',
    `{"format": "graph-model", "modelTopology": {"node": [${'0,'.repeat(1_000_000)}0]}}`,
    'asks for more than its size can justify',
  ],
  ['a layers-model', '{"format": "layers-model"}', 'layers-model'],
  ['JSON of something else', '{}', 'format graph-model'],
  ['no topology', '{"format": "graph-model"}', 'an object with modelTopology'],
])('a file of $0', async (_, json, message) => {
  expect(await messageOf(new TextEncoder().encode(json))).toContain(message)
})

test('a graph that augments its pictures at random is refused, with what to save', async () => {
  const nodes = [
    placeholder,
    { name: 'chance', op: 'StatelessRandomUniformV2', input: ['x'] },
    { name: 'y', op: 'Mul', input: ['x', 'chance'] },
  ]
  const message = await messageOf(modelFile({}, nodes))
  expect(message).toContain('changes its pictures at random')
  expect(message).toContain('training=False')
})
