import { expect, test } from 'vitest'
import { type Checkpoint, readCheckpoint } from '../src/index.js'
import { storedNumbers } from '../src/values.js'
import { golden } from './support/goldens.js'
import { pickleFiles } from './support/pickle-files.js'

const files = pickleFiles()
const { state } = golden<{ state: Record<string, { shape: number[]; values: number[] }> }>('pickles.json')

const read = (name: string): Promise<Checkpoint> => readCheckpoint(files.get(name)!, { file: name })

/** Expects the tensors of the module under a prefix, in PyTorch's order, each with its values. */
function expectState({ tensors }: Checkpoint, prefix: string): void {
  const names = [...tensors.keys()].filter((name) => name.startsWith(prefix))
  expect(names).toEqual(Object.keys(state).map((name) => `${prefix}${name}`))
  for (const [name, { shape, values }] of Object.entries(state)) {
    const tensor = tensors.get(`${prefix}${name}`)!
    expect(tensor.shape).toEqual(shape)
    const readable = tensor.dtype === 'int64' ? { ...tensor, quantization: { scales: [1], zeroPoints: [0], axis: 0 } } : tensor
    expect([...storedNumbers(readable)]).toEqual(values)
  }
}

test.each([
  ['module.pth', 'pytorch'],
  ['module-legacy.pth', 'pytorch'],
  ['module.pkl', 'pickle'],
  ['script.pt', 'torchscript'],
])('%s: a whole module has the names of its state dict, and its attributes beside them', async (name, format) => {
  const checkpoint = await read(name)
  expect(checkpoint.format).toBe(format)
  expectState(checkpoint, '')
  expect(checkpoint.metadata).toMatchObject({ training: false, classes: ['cat', 'dog'] })
})

test.each([
  'training-2.pth',
  'training-5.pth',
  'training-legacy-2.pth',
  'training-legacy-5.pth',
  'tensors-2.pkl',
  'tensors-5.pkl',
  'arrays-2.pkl',
  'arrays-5.pkl',
  'training-1.pth',
])('%s: tensors by their whole path, and what else it says as plain values', async (name) => {
  const checkpoint = await read(name)
  expect(checkpoint.format).toBe(name.endsWith('.pkl') ? 'pickle' : 'pytorch')
  expectState(checkpoint, 'state_dict.')
  expect(checkpoint.metadata).toMatchObject({
    epoch: 3,
    args: { model: 'mobilenet_v2', lr: 0.1, out: '/runs/1' },
    hyper_parameters: { classes: ['cat', 'dog'] },
    class_to_idx: { cat: 0, dog: 1 },
    idx_to_class: { 0: 'cat', 1: 'dog' },
    accuracy: 0.75,
    names: ['cat', 'dög'],
    objects: ['x', null],
    large: String(2n ** 70n),
    text: "café '\\\n",
    set: ['one'],
    bytes: 'cat',
    dtype: 'torch.float32',
    size: [1, 2],
  })
  expect(Object.keys(checkpoint.metadata.class_to_idx as object)).toEqual(['dog', 'cat'])
  expect(checkpoint.metadata.unreadable).toBeUndefined()
})

test("an optimizer's tensors are there by their path", async () => {
  const { tensors } = await read('training-2.pth')
  expect([...tensors.keys()].slice(Object.keys(state).length, Object.keys(state).length + 3)).toEqual([
    'optimizer.state.0.step',
    'optimizer.state.0.exp_avg',
    'optimizer.state.0.exp_avg_sq',
  ])
})

test('protocol 0: arrays are read, and the tensors that PyTorch itself cannot read again are noted', async () => {
  const checkpoint = await read('training-0.pth')
  expectState(checkpoint, 'arrays.')
  expect(checkpoint.metadata).toMatchObject({
    text: "café '\\\n",
    names: ['cat', 'dög'],
    unreadable: { 'state_dict.classifier.bias': 'a tensor without a storage that is known' },
  })
})

test('what numpy.save makes of a dictionary', async () => {
  const checkpoint = await read('arrays.npy')
  expect(checkpoint.format).toBe('pickle')
  expectState(checkpoint, '')
})

test('kinds of tensors: what can be read, what is noted and why', async () => {
  const { tensors, metadata } = await read('kinds.pth')
  const values = (name: string): number[] => [...storedNumbers(tensors.get(name)!)]
  expect(values('contiguous')).toEqual([0, 1, 2, 3, 4, 5])
  expect(values('transposed')).toEqual([0, 3, 1, 4, 2, 5])
  expect(values('expanded')).toEqual([1, 1, 1, 1, 1, 1])
  expect(values('fortran')).toEqual([0, 1, 2, 3, 4, 5])
  expect(values('pair.1')).toEqual([1])
  expect(tensors.get('quantised')).toMatchObject({ dtype: 'int8', quantization: { scales: [0.5], zeroPoints: [1], axis: 0 } })
  expect(values('quantised')).toEqual([2, -1])
  expect(tensors.get('channels')).toMatchObject({ quantization: { scales: [0.5, 0.25], zeroPoints: [0, 1], axis: 0 } })
  expect(values('channels')).toEqual([2, 2, 5, 5])
  expect(metadata.unreadable).toEqual({
    complex: 'a tensor of ComplexFloat',
    sparse: 'a tensor made by _rebuild_sparse_tensor',
    meta: 'a tensor made by _rebuild_meta_tensor_no_storage',
    big: 'an array of big-endian numbers',
  })
})

test('frozen TorchScript and PyTorch Mobile: constants in the order of the code', async () => {
  const shapesOf = ({ tensors }: Checkpoint): (readonly [string, readonly number[]])[] =>
    [...tensors.values()].map(({ name, shape }) => [name, shape])
  expect(shapesOf(await read('frozen.pt'))).toEqual([
    ['CONSTANTS.c0', [2, 3, 3, 3]],
    ['CONSTANTS.c1', [2]],
    ['CONSTANTS.c2', [2, 2]],
    ['CONSTANTS.c3', [2]],
  ])
  const mobile = await read('mobile.ptl')
  expect(shapesOf(mobile)).toEqual([
    ['CONSTANTS.c0.0', [2, 3, 3, 3]],
    ['CONSTANTS.c0.1', [2]],
    ['CONSTANTS.c1.0', [2, 2]],
    ['CONSTANTS.c1.1', [2]],
  ])
  expect(mobile.metadata).toMatchObject({
    mobile_optimized: true,
    CONSTANTS: { c0: [null, null, [1, 1], [0, 0], [1, 1], 1, 0, 6] },
  })
})

test('a quantised state dict: packed weights and biases by the names that they have unpacked, no scales of activations', async () => {
  const [{ tensors }, module] = [await read('quantised.pth'), await read('quantised-module.pth')]
  expect([...module.tensors.keys()]).toEqual([...tensors.keys()])
  expect([...tensors.values()].map(({ name, shape, dtype }) => [name, shape, dtype])).toEqual([
    ['0.weight', [3, 2], 'int8'],
    ['0.bias', [3], 'float32'],
    ['2.weight', [2, 3], 'int8'],
    ['2.bias', [2], 'float32'],
  ])
})
