import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { readCheckpoint } from '../src/index.js'
import { refusalOf } from './support/expect-refusal.js'

function text(value: string): number[] {
  return [...value].map((character) => character.charCodeAt(0))
}

function unicode(value: string): number[] {
  return [0x58, value.length, 0, 0, 0, ...text(value)]
}

function int(value: number): number[] {
  return [0x4a, ...new Uint8Array(new Int32Array([value]).buffer)]
}

function global(module: string, name: string): number[] {
  return [0x63, ...text(`${module}\n${name}\n`)]
}

const mark = 0x28
const tuple = 0x74
const reduce = 0x52

function pytorchFile(pickle: readonly number[], storages: Record<string, Uint8Array> = {}): Uint8Array {
  const entries = Object.entries(storages).map(([key, bytes]) => [`archive/data/${key}`, bytes] as const)
  return zipSync({ 'archive/data.pkl': new Uint8Array([0x80, 2, ...pickle, 0x2e]), ...Object.fromEntries(entries) }, { level: 0 })
}

/** The state dict {x: a tensor on storage 0 of `length` float32 values}. */
function tensorPickle(length: number, offset: number, shape: readonly number[], strides: readonly number[]): number[] {
  const integers = (values: readonly number[]): number[] => [mark, ...values.flatMap(int), tuple]
  return [
    ...[0x7d, ...unicode('x'), ...global('torch._utils', '_rebuild_tensor_v2'), mark],
    ...[
      mark,
      ...unicode('storage'),
      ...global('torch', 'FloatStorage'),
      ...unicode('0'),
      ...unicode('cpu'),
      ...int(length),
      tuple,
      0x51,
    ],
    ...[
      ...int(offset),
      ...integers(shape),
      ...integers(strides),
      0x89,
      ...global('collections', 'OrderedDict'),
      0x29,
      reduce,
      tuple,
      reduce,
    ],
    0x73,
  ]
}

const sixValues = new Uint8Array(new Float32Array([1, 2, 3, 4, 5, 6]).buffer)

test('a whole tensor is read', async () => {
  const { tensors } = await readCheckpoint(pytorchFile(tensorPickle(6, 1, [2, 2], [2, 1]), { 0: sixValues }))
  expect(tensors.get('x')).toMatchObject({ shape: [2, 2], dtype: 'float32', bytes: sixValues.slice(4, 20) })
})

/** {x: a tensor, y: what is given}. */
function besideTensor(pickle: readonly number[]): Uint8Array {
  return pytorchFile([...tensorPickle(6, 0, [6], [1]), ...unicode('y'), ...pickle, 0x73], { 0: sixValues })
}

test.each([
  ['os.system', [...global('posix', 'system'), ...unicode('true'), 0x85, reduce], 'true'],
  ['eval, named by the stack', [...unicode('builtins'), ...unicode('eval'), 0x93, ...unicode('1'), 0x85, reduce], '1'],
  ['a class', global('torch.nn.modules.container', 'Sequential'), 'torch.nn.modules.container.Sequential'],
  ['an instance', [mark, ...unicode('a'), 0x69, ...text('os\nsystem\n')], 'a'],
  ['an object of a class on the stack', [mark, ...global('os', 'system'), ...unicode('b'), 0x6f], 'b'],
  ['a new object', [...global('os', 'system'), ...unicode('c'), 0x85, 0x81], 'c'],
  ['a new object with named parameters', [...global('os', 'system'), 0x29, 0x7d, ...unicode('d'), ...int(1), 0x73, 0x92], { d: 1 }],
  ['an object with a state', [...global('a', 'B'), 0x29, 0x81, 0x7d, ...unicode('e'), ...int(2), 0x73, 0x62], { e: 2 }],
  ['a list of its own class', [...global('a', 'B'), 0x29, 0x81, ...int(3), 0x61], [3]],
  ['a call of what a call gave', [...global('a', 'B'), 0x29, reduce, ...unicode('f'), 0x85, reduce], 'f'],
])('%s beside a tensor is a value that nothing calls', async (_, pickle, value) => {
  const { tensors, metadata } = await readCheckpoint(besideTensor(pickle))
  expect([...tensors.keys()]).toEqual(['x'])
  expect(metadata).toEqual({ y: value })
})

test.each([
  ['os.system alone', [...global('posix', 'system'), ...unicode('true'), 0x85, reduce], 'posix.system'],
  ['an extension', [0x82, 1], 'add_extension'],
  ['buffers out of band', [0x97], 'buffer_callback'],
  ["joblib's arrays", global('joblib.numpy_pickle', 'NumpyArrayWrapper'), 'joblib'],
  ['no instruction', [0xff], 'opcode 0xff'],
])('a pickle of %s is refused by name', async (_, pickle, name) => {
  const { message, file } = await refusalOf(() => readCheckpoint(pytorchFile(pickle), { file: 'evil.pth' }))
  expect(message).toContain(name)
  expect(file).toBe('evil.pth')
})

test.each([
  ['beyond its storage', tensorPickle(6, 4, [3], [1])],
  ['on a storage that is shorter than it says', tensorPickle(600, 0, [600], [1])],
  ['of too many axes', tensorPickle(6, 0, new Array<number>(9).fill(1), new Array<number>(9).fill(1))],
  ['with a negative stride', tensorPickle(6, 5, [6], [-1])],
  ['with a negative extent', tensorPickle(6, 0, [-2, -3], [3, 1])],
  ['with a stride beyond its storage', tensorPickle(6, 0, [2, 2], [2 ** 31 - 1, 1])],
  ['with fewer strides than extents', tensorPickle(6, 0, [2, 3], [1])],
])('a tensor %s', async (_, pickle) => {
  expect((await refusalOf(() => readCheckpoint(pytorchFile(pickle, { 0: sixValues })))).code).toBe('CHECKPOINT')
})

test('a tensor of more values than its storage: no memory is taken until it is used, and then refused', async () => {
  const { tensors } = await readCheckpoint(pytorchFile(tensorPickle(6, 0, [2 ** 30, 2 ** 30], [0, 0]), { 0: sixValues }))
  const { message } = await refusalOf(async () => tensors.get('x')!.bytes)
  expect(message).toContain('more than its size can justify')
})

test.each([
  ['a storage that is not there', tensorPickle(6, 0, [6], [1])],
  ['nothing on its stack', [0x73]],
  ['no mark', [tuple]],
  ['a memo that was never put', [0x68, 7]],
  ['a text that is longer than the file', [0x58, 0xff, 0xff, 0xff, 0xff, 0x41]],
  ['a global without an end', [0x63, 0x41]],
  ['a call of a number', [...int(1), 0x29, reduce]],
  ['items of a list', [0x5d, ...int(1), ...int(2), 0x73]],
  ['no tensors', [0x7d]],
  ['a dictionary that holds itself', [0x7d, 0x71, 0, ...unicode('a'), 0x68, 0, 0x73]],
  ['300,000 dictionaries', [...new Array<number>(300_000).fill(0x7d)]],
  ['300,000 marks', [...new Array<number>(300_000).fill(mark)]],
])('a pickle with %s', async (_, pickle) => {
  expect((await refusalOf(() => readCheckpoint(pytorchFile(pickle)))).code).toBe('CHECKPOINT')
})

/** Levels of containers, each of which holds the one below it several times. */
function nested(levels: number, level: (below: readonly number[]) => readonly number[], lowest: readonly number[]): number[] {
  const index = (depth: number): number[] => [depth & 0xff, depth >> 8, 0, 1]
  const get = (depth: number): number[] => [0x6a, ...index(depth)]
  const put = (depth: number): number[] => [0x72, ...index(depth), 0x30]
  const made = Array.from({ length: levels }, (_, depth) => [...level(depth === 0 ? lowest : get(depth - 1)), ...put(depth)])
  return [...made.flat(), ...get(levels - 1)]
}

test.each([
  ['of lists', (below: readonly number[]) => [0x5d, mark, ...below, ...below, 0x65]],
  ['of pairs', (below: readonly number[]) => [...below, ...below, 0x86]],
  ['of dictionaries', (below: readonly number[]) => [0x7d, mark, ...unicode('a'), ...below, ...unicode('b'), ...below, 0x75]],
  ['of objects', (below: readonly number[]) => [...global('a', 'B'), ...below, ...below, 0x86, 0x81, ...below, 0x62]],
])('31 levels %s, each of which holds the lower one twice: visited once if no tensors are in it', async (_, level) => {
  const { tensors } = await readCheckpoint(besideTensor(nested(31, level, int(1))))
  expect(tensors.size).toBe(1)
})

test('a tensor at the bottom of 31 such levels has 2^31 names', async () => {
  const tensor = tensorPickle(6, 0, [6], [1])
  const pickle = nested(31, (below) => [0x5d, mark, ...below, ...below, 0x65], tensor)
  const { message } = await refusalOf(() => readCheckpoint(pytorchFile(pickle, { 0: sixValues })))
  expect(message).toContain('at most 20000 tensors and nodes')
})

test('a shared tensor has each of its names', async () => {
  const shared = [...tensorPickle(6, 0, [6], [1]), 0x71, 9]
  const pickle = [0x7d, mark, ...unicode('a'), ...shared, ...unicode('b'), 0x68, 9, 0x75]
  const { tensors } = await readCheckpoint(pytorchFile(pickle, { 0: sixValues }))
  expect([...tensors.keys()]).toEqual(['a.x', 'b.x'])
})

test.each([
  ['a dictionary', [0x7d, 0x71, 1, ...unicode('a'), 0x68, 1, 0x73]],
  ['a list', [0x5d, 0x71, 1, 0x68, 1, 0x61]],
  ['an object', [...global('a', 'B'), 0x29, 0x81, 0x71, 1, 0x68, 1, 0x62]],
  ['a parameter', [...global('torch._utils', '_rebuild_parameter'), 0x5d, 0x71, 1, reduce, 0x71, 2, 0x30, 0x68, 1, 0x68, 2, 0x61]],
])('%s that holds itself, beside a tensor', async (_, pickle) => {
  expect((await readCheckpoint(besideTensor(pickle))).tensors.size).toBe(1)
})

test.each([
  ['lists', (below: readonly number[]) => [0x5d, ...below, 0x61]],
  ['objects', (below: readonly number[]) => [...global('a', 'B'), ...below, 0x85, reduce]],
  ['parameters', (below: readonly number[]) => [...global('torch._utils', '_rebuild_parameter'), ...below, 0x85, reduce]],
  ['calls of calls', (below: readonly number[]) => [...below, 0x29, reduce]],
])('5,000 %s in each other, beside a tensor', async (name, level) => {
  const lowest = name === 'calls of calls' ? global('a', 'B') : int(1)
  expect((await readCheckpoint(besideTensor(nested(5000, level, lowest)))).tensors.size).toBe(1)
})

test('names of 100,000 characters, 2,000 deep: their paths are not put together', async () => {
  const long = [0x58, ...new Uint8Array(new Uint32Array([100_000]).buffer), ...new Array<number>(100_000).fill(0x61), 0x71, 7, 0x30]
  const pickle = [...long, ...nested(2000, (below) => [0x7d, 0x68, 7, ...below, 0x73], int(1))]
  expect((await readCheckpoint(besideTensor(pickle))).tensors.size).toBe(1)
})

test('a name of two long texts', async () => {
  const long = [0x58, ...new Uint8Array(new Uint32Array([2000]).buffer), ...new Array<number>(2000).fill(0x61)]
  const { message } = await refusalOf(() => readCheckpoint(pytorchFile([...long, ...long, 0x93])))
  expect(message).toContain('a global has no name, or a long one')
})

test('a list of 60,000 numbers beside the classes: the classes are there, the list is not', async () => {
  const losses = [0x5d, mark, ...new Array<number[]>(60_000).fill([0x4b, 1]).flat(), 0x65]
  const pickle = [...losses, 0x73, ...unicode('classes'), 0x5d, ...unicode('cat'), 0x61]
  const { metadata } = await readCheckpoint(besideTensor(pickle))
  expect(metadata).toEqual({ classes: ['cat'] })
})

test('a zip bomb, honest about its size', async () => {
  const bomb = zipSync({ 'archive/data.pkl': new Uint8Array(40 * 1024 * 1024) }, { level: 9 })
  expect(bomb.length).toBeLessThan(100_000)
  expect((await refusalOf(() => readCheckpoint(bomb))).message).toContain('more than its size can justify')
})

test('a zip bomb that claims to be small', async () => {
  const bomb = zipSync({ 'archive/data.pkl': new Uint8Array(40 * 1024 * 1024) }, { level: 9 })
  const view = new DataView(bomb.buffer)
  const directory = view.getUint32(bomb.length - 6, true)
  view.setUint32(directory + 24, 1000, true)
  expect((await refusalOf(() => readCheckpoint(bomb))).message).toContain('inflates to more than it claims')
})

test.each([
  ['encrypted', 8, 1],
  ['packed in an unknown way', 10, 99],
  ['placed beyond the file', 45, 0x7f],
  ['longer than the file', 23, 0x7f],
])('an entry that is %s', async (_, field, value) => {
  const zip = pytorchFile([0x7d])
  const directory = new DataView(zip.buffer).getUint32(zip.length - 6, true)
  zip[directory + field] = value
  expect((await refusalOf(() => readCheckpoint(zip))).message).toContain('The zip is damaged')
})

/** A pickle's instruction with a length of four bytes, such as 0x42 for bytes. */
function long(opcode: number, value: readonly number[]): number[] {
  return [opcode, ...new Uint8Array(new Uint32Array([value.length]).buffer), ...value]
}

test.each([
  ['bytes', long(0x42, new Array<number>(10_000).fill(0x41))],
  ['an integer', [0x8b, 0, 4, 0, 0, ...new Array<number>(1024).fill(0x7f)]],
])('%s 40,000 times in one list: the texts made of them exceed the budget', { timeout: 20_000 }, async (_, value) => {
  const again = Array.from({ length: 40_000 }, () => [0x68, 9]).flat()
  const list = [...value, 0x71, 9, 0x30, 0x5d, mark, ...again, 0x65]
  const { message } = await refusalOf(() => readCheckpoint(besideTensor(list)))
  expect(message).toContain('more than its size can justify')
})

test('a key of 1 MB in 50,000 dictionaries is left out', { timeout: 20_000 }, async () => {
  const key = long(0x42, new Array<number>(1_000_000).fill(0x41))
  const one = [0x7d, 0x68, 9, 0x4e, 0x73]
  const list = [...key, 0x71, 9, 0x30, 0x5d, mark, ...Array.from({ length: 50_000 }, () => one).flat(), 0x65]
  const { tensors } = await readCheckpoint(besideTensor(list))
  expect(tensors.size).toBe(1)
})

test('bytes that 2000 tensors have their storage in are read once', { timeout: 20_000 }, async () => {
  const magicNumber = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e]
  const machine = [0x7d, ...unicode('little_endian'), 0x88, 0x73, 0x2e]
  // Instructions that take time and give nothing.
  const frames = Array.from({ length: 300_000 }, () => [0x95, 0, 0, 0, 0, 0, 0, 0, 0]).flat()
  const id = [mark, ...unicode('storage'), ...global('torch', 'FloatStorage'), ...unicode('0'), ...unicode('cpu'), ...int(1), tuple]
  const file = [...magicNumber, ...int(1001), 0x2e, ...machine, ...frames, ...id, 0x51, 0x2e]
  const stored = [0x5d, ...unicode('0'), 0x61, 0x2e, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3f]
  const storage = [...global('torch.storage', '_load_from_bytes'), 0x68, 9, 0x85, reduce]
  const one = [...int(1), 0x85]
  const tensor = [...global('torch._utils', '_rebuild_tensor_v2'), mark, ...storage, ...int(0), ...one, ...one, tuple, reduce]
  const list = [...long(0x42, [...file, ...stored]), 0x71, 9, 0x30, 0x5d, mark]
  const { tensors } = await readCheckpoint(besideTensor([...list, ...Array.from({ length: 2000 }, () => tensor).flat(), 0x65]))
  expect(tensors.size).toBe(2001)
})

test('the name of an entry is cut in an error', async () => {
  const { message } = await refusalOf(() => readCheckpoint(zipSync({ ['a'.repeat(60_000)]: sixValues })))
  expect(message.length).toBeLessThan(1000)
  const packed = zipSync({ [`${'a'.repeat(60_000)}.npy`]: new Uint8Array(1000) })
  packed[30 + 60_004] = 0xff
  expect((await refusalOf(() => readCheckpoint(packed))).message.length).toBeLessThan(1000)
})
