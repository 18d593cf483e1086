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

test.each([
  ['os.system', [...global('posix', 'system'), ...unicode('true'), 0x85, reduce], 'posix.system'],
  ['eval, named by the stack', [...unicode('builtins'), ...unicode('eval'), 0x93, ...unicode('1'), 0x85, reduce], 'builtins.eval'],
  [
    'a class of PyTorch that no state dict needs',
    global('torch.nn.modules.container', 'Sequential'),
    'torch.nn.modules.container.Sequential',
  ],
  ['an instance', [mark, 0x69, ...text('os\nsystem\n')], 'opcode 0x69'],
  ['a new object', [...global('collections', 'OrderedDict'), 0x29, 0x81], 'opcode 0x81'],
  ['an extension', [0x82, 1], 'opcode 0x82'],
])('a pickle of %s is refused by name', async (_, pickle, name) => {
  const { message, file } = await refusalOf(() => readCheckpoint(pytorchFile(pickle), { file: 'evil.pth' }))
  expect(message).toContain(name)
  expect(file).toBe('evil.pth')
})

test.each([
  ['beyond its storage', tensorPickle(6, 4, [3], [1])],
  ['on a storage that is shorter than it says', tensorPickle(600, 0, [600], [1])],
  ['of more values than its storage', tensorPickle(6, 0, [2 ** 30, 2 ** 30], [0, 0])],
  ['with a negative stride', tensorPickle(6, 5, [6], [-1])],
  ['with a negative extent', tensorPickle(6, 0, [-2, -3], [3, 1])],
  ['with a stride beyond its storage', tensorPickle(6, 0, [2, 2], [2 ** 31 - 1, 1])],
  ['with fewer strides than extents', tensorPickle(6, 0, [2, 3], [1])],
])('a tensor %s', async (_, pickle) => {
  expect((await refusalOf(() => readCheckpoint(pytorchFile(pickle, { 0: sixValues })))).code).toBe('CHECKPOINT')
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

test('dictionaries that hold the same ten dictionaries, eight deep', async () => {
  const level = (below: number | null): number[] => [
    ...[0x7d, mark],
    ...Array.from({ length: 10 }, (_, key) => [...int(key), ...(below === null ? [0x4e] : [0x68, below])]).flat(),
    0x75,
  ]
  const pickle = Array.from({ length: 7 }, (_, depth) => [...level(depth === 0 ? null : depth - 1), 0x71, depth]).flat()
  expect((await refusalOf(() => readCheckpoint(pytorchFile(pickle)))).message).toContain('more than a state dict')
})

test('a zip bomb, honest about its size', async () => {
  const bomb = zipSync({ 'archive/data.pkl': new Uint8Array(40 * 1024 * 1024) }, { level: 9 })
  expect(bomb.length).toBeLessThan(100_000)
  expect((await refusalOf(() => readCheckpoint(bomb))).message).toContain('more memory than its size can justify')
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
