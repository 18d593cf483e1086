import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import {
  CheckpointError,
  readCheckpoint,
  readNetwork,
  type StoredTensor,
  toNetwork,
  toSafetensors,
  toTflite,
} from '../src/index.js'
import { torchvisionNamings } from '../src/namings/torchvision.js'
import { ownNetwork } from './support/checkpoints.js'
import { refusalOf } from './support/expect-refusal.js'
import { type Field, messageOf } from './support/protobuf-fields.js'
import { stateDict } from './support/state-dict.js'

const justified = 'more than its size can justify'

/** The most characters of a message: four parts and a sentence. */
const longestMessage = 3000

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

function safetensors(header: string): Uint8Array {
  const text = bytesOf(header)
  return joined([new Uint8Array(new BigUint64Array([BigInt(text.length)]).buffer), text])
}

function tfjs(parts: object): Uint8Array {
  return bytesOf(JSON.stringify({ format: 'graph-model', modelTopology: { node: [] }, weightsManifest: [], ...parts }))
}

function onnx(graph: readonly Field[]): Uint8Array {
  return messageOf([
    [1, 8],
    [2, 'nobody'],
    [7, graph],
  ])
}

const long = 'n'.repeat(1_000_000)
const deep = '['.repeat(1_000_000)
const million = new Uint8Array(8_000_000).fill(1)

describe('a small file that asks for much', () => {
  test.each<[string, Uint8Array, string]>([
    ['JSON a million deep', bytesOf(`{"a":${deep}`), 'at most 100 levels'],
    ['JSON of two million objects', bytesOf(`{"a":[${'{},'.repeat(2_000_000)}{}]}`), justified],
    [
      'a header of tensors with a name of 1 MB',
      safetensors(`{"${long}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}`),
      justified,
    ],
    ['a description a million deep', safetensors(JSON.stringify({ __metadata__: { mobilenetv2: deep } })), 'at most 100 levels'],
    [
      'a weight of 500,000 axes',
      tfjs({ weightsManifest: [{ paths: ['a'], weights: [{ name: 'w', shape: new Array(500_000).fill(1), dtype: 'float32' }] }] }),
      justified,
    ],
    [
      'a node with 500,000 inputs',
      tfjs({ modelTopology: { node: [{ name: 'y', op: 'ConcatV2', input: new Array(500_000).fill('x') }] } }),
      justified,
    ],
    [
      'a node with a name of 1 MB',
      tfjs({ modelTopology: { node: [{ name: long, op: 'Relu' }] } }),
      'at most 1000 characters of a name',
    ],
    ['a tensor of 8 million extents', onnx([[5, [[1, million]]]]), justified],
    [
      'a node with 8 million strides',
      onnx([
        [
          1,
          [
            [4, 'Conv'],
            [
              5,
              [
                [1, 'strides'],
                [8, million],
              ],
            ],
          ],
        ],
      ]),
      justified,
    ],
    ['an operator with a name of 1 MB', onnx([[1, [[4, long]]]]), 'at most 1000 characters of a name'],
  ])('%s', async (_, bytes, expected) => {
    const { message } = await refusalOf(() => readNetwork(bytes, { readSibling: async () => new Uint8Array(4) }))
    expect(message).toContain(expected)
    expect(message.length).toBeLessThan(longestMessage)
  })

  test('names of models in models, which become paths', async () => {
    let layer: object = { class_name: 'ReLU', config: {} }
    for (let depth = 0; depth < 20; depth++)
      layer = { class_name: 'Sequential', config: { name: 'm'.repeat(100), layers: [layer] } }
    const { message } = await refusalOf(() => readCheckpoint(tfjs({ modelTopology: layer })))
    expect(message).toContain('at most 1000 characters of a name')
  })

  test('functions of ONNX, each of which calls the next one twice', async () => {
    const functions = Array.from({ length: 40 }, (_, level): Field => {
      const call = (input: string, output: string): Field => [
        7,
        [
          [1, input],
          [2, output],
          [4, `f${level + 1}`],
        ],
      ]
      return [25, [[1, `f${level}`], [4, 'a'], [5, 'b'], call('a', 't'), call('t', 'b')]]
    })
    const bytes = messageOf([
      [1, 8],
      [2, 'nobody'],
      [
        7,
        [
          [
            1,
            [
              [1, 'input'],
              [2, 'y'],
              [4, 'f0'],
            ],
          ],
        ],
      ],
      ...functions,
    ])
    expect((await refusalOf(() => readCheckpoint(bytes))).message).toContain('at most 20000 tensors and nodes')
  })

  test('a zip whose entries all are one block', async () => {
    const block = zipSync({ 'a.npy': new Uint8Array(20_000_000) }, { level: 9 })
    const view = new DataView(block.buffer)
    const directory = view.getUint32(block.length - 6, true)
    const entry = block.subarray(directory, block.length - 22)
    const entries = Array.from({ length: 10 }, (_, index) => {
      const copy = entry.slice()
      copy[46] = 'a'.charCodeAt(0) + index
      return copy
    })
    const end = block.slice(block.length - 22)
    const endView = new DataView(end.buffer)
    for (const at of [8, 10]) endView.setUint16(at, entries.length, true)
    endView.setUint32(12, entry.length * entries.length, true)
    const { message } = await refusalOf(() => readCheckpoint(joined([block.subarray(0, directory), ...entries, end])))
    expect(message).toMatch(/justify|not written by NumPy/)
  })
})

/** An HDF5 file of groups in a chain, each of which has the next one as two members. */
function groupsOfGroups(levels: number): Uint8Array {
  const groupLength = 7 + 2 * 16
  const address = (level: number): number => 48 + level * groupLength
  const bytes = new Uint8Array(address(levels))
  const view = new DataView(bytes.buffer)
  bytes.set([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 2, 8, 8, 0])
  view.setBigUint64(36, BigInt(address(0)), true)
  for (let level = 0; level < levels; level++) {
    const at = address(level)
    bytes.set([...bytesOf('OHDR'), 2, 0, 2 * 16], at)
    for (const member of level + 1 < levels ? [0, 1] : []) {
      const link = at + 7 + 16 * member
      bytes.set([6, 12, 0, 0, 1, 0, 1, 'ab'.charCodeAt(member)], link)
      view.setBigUint64(link + 8, BigInt(address(level + 1)), true)
    }
  }
  return bytes
}

test('31 groups of HDF5, each of which has the next one twice', async () => {
  expect((await refusalOf(() => readCheckpoint(groupsOfGroups(31)))).message).toContain('at most 20000 tensors and nodes')
})

test('a group of HDF5 that lies deep', async () => {
  expect((await refusalOf(() => readCheckpoint(groupsOfGroups(150)))).message).toContain(justified)
})

test('labels that unpack to 30 million lines', async () => {
  const model = toTflite(await readNetwork(toSafetensors(ownNetwork)))
  const labels = zipSync({ 'labels.txt': new Uint8Array(30_000_000).fill(0x0a) }, { level: 9 })
  const view = new DataView(labels.buffer)
  // Offsets in a zip that follows a model count from the model's start.
  const directory = view.getUint32(labels.length - 6, true)
  view.setUint32(directory + 42, view.getUint32(directory + 42, true) + model.length, true)
  view.setUint32(labels.length - 6, directory + model.length, true)
  const { message } = await refusalOf(() => readCheckpoint(joined([model, labels])))
  expect(message).toContain(justified)
})

test('a table of a flatbuffer that a vector names a million times', async () => {
  const count = 1_000_000
  const bytes = new Uint8Array(64 + 4 * count)
  const view = new DataView(bytes.buffer)
  bytes.set(bytesOf('TFL3'), 4)
  // The root table is at 24, and its third field 8 bytes further. Its vtable is at 8.
  view.setUint32(0, 24, true)
  for (const [at, value] of [12, 12, 0, 0, 8, 0].entries()) view.setUint16(8 + 2 * at, value, true)
  view.setInt32(24, 16, true)
  view.setUint32(32, 8, true)
  view.setUint32(40, count, true)
  for (let index = 0; index < count; index++) view.setUint32(44 + 4 * index, 24 - (44 + 4 * index), true)
  const { message } = await refusalOf(() => readCheckpoint(bytes))
  expect(message).toMatch(/justify|damaged/)
})

test('a network whose layers share one small tensor takes no more than its file justifies', async () => {
  const wide = { widthMultiplier: 4, classes: 2 }
  const { tensors, ...rest } = stateDict(torchvisionNamings[0]!, wide)
  const shared = new Uint8Array(64 * 2 ** 20)
  const small = new Map<string, StoredTensor>(
    [...tensors].map(([name, tensor]) => [name, { ...tensor, bytes: shared.subarray(0, tensor.bytes.length) }]),
  )
  const { message } = await refusalOf(() => toNetwork({ ...rest, tensors: small, size: 2 ** 20 }))
  expect(message).toContain(justified)
})

describe('files beside a model', () => {
  const weight = { name: 'w', shape: [1], dtype: 'float32' }
  const model = (paths: readonly string[]): Uint8Array => tfjs({ weightsManifest: [{ weights: [weight], paths }] })

  test.each<[string, readonly string[], string]>([
    ['the model itself', ['model.json'], 'not beside it'],
    ['the model itself, by another path', ['./model.json'], 'not beside it'],
    ['one file often', new Array<string>(1500).fill('a.bin'), 'names the same file twice'],
    ['one file in two ways', ['a.bin', './a.bin'], 'names the same file twice'],
  ])('a shard is %s', async (_, paths, expected) => {
    const read: string[] = []
    const readSibling = async (name: string): Promise<Uint8Array> => {
      read.push(name)
      return new Uint8Array(4)
    }
    const { message } = await refusalOf(() => readCheckpoint(model(paths), { file: 'folder/model.json', readSibling }))
    expect(message).toContain(expected)
    expect(read).toEqual([])
  })

  test('no more of the shards is asked for than the weights need', async () => {
    const asked: (number | undefined)[] = []
    const readSibling = async (_: string, longest?: number): Promise<Uint8Array> => {
      asked.push(longest)
      return new Uint8Array(3)
    }
    const { message } = await refusalOf(() => readCheckpoint(model(['a', 'b', 'c', 'd']), { readSibling }))
    expect(message).toContain('4 bytes in a, b, c')
    expect(asked).toEqual([4, 1])
  })

  test('external data of ONNX is not the model itself', async () => {
    const location: Field = [
      13,
      [
        [1, 'location'],
        [2, 'model.onnx'],
      ],
    ]
    const bytes = onnx([[5, [[1, 1], [2, 1], [8, 'w'], location, [14, 1]]]])
    const readSibling = async (): Promise<Uint8Array> => new Uint8Array(4)
    const { message } = await refusalOf(() => readCheckpoint(bytes, { file: 'model.onnx', readSibling }))
    expect(message).toContain('not beside it')
  })
})

describe('sizes of a recipe', () => {
  test.each<[string, object]>([
    ['a side of 1e308', { geometry: { kind: 'shorterSide', size: 1e308, rounding: 'nearest' } }],
    ['a negative side', { geometry: { kind: 'shorterSide', size: -1, rounding: 'nearest' } }],
    ['a fraction of 1e308', { geometry: { kind: 'centralFraction', fraction: 1e308 } }],
    ['a fraction of 0', { geometry: { kind: 'centralFraction', fraction: 0 } }],
    ['a mean of 1e308', { mean: [0, 1e308, 0] }],
    ['a deviation of 0', { deviation: [1, 0, 1] }],
    ['a deviation of 1e-308', { deviation: [1, 1e-308, 1] }],
  ])('%s in the metadata', async (_, changed) => {
    const file = toSafetensors({ ...ownNetwork, preprocessing: { ...ownNetwork.preprocessing, ...changed } })
    expect((await refusalOf(() => readNetwork(file))).message).toContain('The preprocessing that the file states is not possible')
  })
})

test.each([
  ['extents of -1 and -128', [-1, -128]],
  ['two extents of -1', [-1, -1]],
  ['two extents of 2^52', [2 ** 52, 2 ** 52]],
])('a tensor in ONNX with %s is refused', async (_, extents) => {
  const bytes = onnx([[5, [...extents.map((extent): Field => [1, extent]), [2, 3], [8, 'w'], [5, new Uint8Array(48)]]]])
  expect((await refusalOf(() => readCheckpoint(bytes))).message).toContain('does not have the bytes')
})

test('a long label is cut', async () => {
  const file = toSafetensors({ ...ownNetwork, classes: { ...ownNetwork.classes, labels: [long, 'dog'] } })
  const { classes } = await readNetwork(file)
  expect(classes.labels[0]!.length).toBeLessThan(400)
})

test('an error of a file is a CheckpointError whose parts are short, in its details too', () => {
  const { message, tensor, details } = new CheckpointError(long, {
    file: long,
    tensor: long,
    expected: long,
    got: long,
    remedy: long,
  })
  expect(message.length).toBeLessThan(longestMessage)
  expect(tensor!.length).toBeLessThan(400)
  for (const part of ['where', 'expected', 'got', 'remedy'] as const) expect(details[part]!.length).toBeLessThan(1100)
})
