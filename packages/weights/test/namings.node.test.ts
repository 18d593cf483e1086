import { expect, test } from 'vitest'
import { readCheckpoint, toNetwork } from '../src/index.js'
import { refusalOf } from './support/expect-refusal.js'
import { goldenBytes } from './support/goldens.js'
import { renamed, withTensor } from './support/renamed.js'

const note = await readCheckpoint(goldenBytes('note.pth'), { file: 'note.pth' })
const torchvision = await readCheckpoint(goldenBytes('torchvision.pth'), { file: 'torchvision.pth' })

test.each(['module.', 'model.', 'backbone.', 'state_dict.', 'state_dict.model.module.'])(
  'finds and drops the prefix %s',
  async (prefix) => {
    const { source, parameters, reasons } = await toNetwork(renamed(torchvision, (name) => prefix + name))
    expect(source.naming).toBe('torchvision')
    expect(reasons[0]).toContain(`after the prefix ${prefix}`)
    expect(parameters).toEqual((await toNetwork(torchvision)).parameters)
  },
)

test('a wrapped backbone beside a bare classifier', async () => {
  const checkpoint = renamed(torchvision, (name) => (name.startsWith('classifier') ? name : `backbone.${name}`))
  expect((await toNetwork(checkpoint)).source.naming).toBe('torchvision')
})

test('a missing tensor: the naming, and the first that is missing', async () => {
  const checkpoint = renamed(torchvision, (name) => (name === 'features.3.conv.1.1.running_var' ? null : name))
  const { message, code, file } = await refusalOf(() => toNetwork(checkpoint))
  expect({ code, file }).toEqual({ code: 'CHECKPOINT', file: 'torchvision.pth' })
  expect(message).toContain('all 260 tensors in the naming torchvision')
  expect(message).toContain('missing: features.3.conv.1.1.running_var')
})

test('a file that ends in the middle of a block: what is missing, and no features of that block', async () => {
  const cut = renamed(torchvision, (name) => {
    const [, block, part] = /^features\.(\d+)\.conv\.(\d)/.exec(name) ?? []
    const isAfter = Number(block) > 15 || (block === '15' && part !== '0') || /^(features\.18|classifier)\./.test(name)
    return isAfter ? null : name
  })
  expect((await refusalOf(() => toNetwork(cut))).message).toContain('a MobileNetV2 that is not whole')
})

test('names of no codebase, in the order of the network, are recognised by the order and the shapes', async () => {
  const { source, parameters } = await toNetwork(renamed(note, (name) => `layer${name.length}.${name}`))
  expect(source.naming).toBe('order')
  expect(parameters).toEqual((await toNetwork(note)).parameters)
})

test('tensors of another network, or none at all', async () => {
  const other = renamed(note, (name) => (name.startsWith('layers.7') ? null : `layer${name.length}.${name}`))
  for (const checkpoint of [other, { ...note, tensors: new Map() }]) {
    expect((await refusalOf(() => toNetwork(checkpoint))).message).toMatch(/not those of a MobileNetV2|No width multiplier/)
  }
})

test('a tensor of another shape than its layer: tensor, expected and got', async () => {
  const eight = { shape: [8], bytes: new Uint8Array(8 * 4) }
  expect(await refusalOf(() => toNetwork(withTensor(note, 'classifier.1.bias', eight)))).toMatchObject({
    tensor: 'classifier.1.bias',
    file: 'note.pth',
    details: { expected: '[7]', got: '[8]' },
  })
  const large = { shape: [8, 1, 5, 5], bytes: new Uint8Array(8 * 25 * 4) }
  expect(await refusalOf(() => toNetwork(withTensor(note, 'layers.0.residual.0.depthwise.0.weight', large)))).toMatchObject({
    tensor: 'layers.0.residual.0.depthwise.0.weight',
    file: 'note.pth',
    details: { expected: '[8, 1, 3, 3]', got: '[8, 1, 5, 5]' },
  })
})

test("shuffled: kernels under each other's names", async () => {
  const [first, second] = ['layers.1.residual.0.0.weight', 'layers.16.residual.0.0.weight'] as const
  const swap = new Map<string, string>([
    [first, second],
    [second, first],
  ])
  const checkpoint = renamed(note, (name) => swap.get(name) ?? name)
  expect(await refusalOf(() => toNetwork(checkpoint))).toMatchObject({ code: 'CHECKPOINT', tensor: first, file: 'note.pth' })
})

test.each([
  ['another rank', { shape: [7, 160, 1] }],
  ['integers without a scale', { dtype: 'int32' }],
  ['a type that holds no parameters', { dtype: 'int64' }],
  ['values that are not finite', { bytes: new Uint8Array(7 * 160 * 4).fill(0xff) }],
] as const)('a classifier of %s', async (_, change) => {
  const tensor = 'classifier.1.weight'
  expect(await refusalOf(() => toNetwork(withTensor(note, tensor, change)))).toMatchObject({ code: 'CHECKPOINT', tensor })
})

test('a negative variance', async () => {
  const tensor = 'last_conv.1.running_var'
  const bytes = new Uint8Array(new Float32Array(160).fill(-1).buffer)
  expect(await refusalOf(() => toNetwork(withTensor(note, tensor, { bytes })))).toMatchObject({ code: 'CHECKPOINT', tensor })
})

test('an architecture that the graph contradicts: the first layer that differs', async () => {
  const graph = await readCheckpoint(goldenBytes('float.tflite'), { file: 'float.tflite' })
  const refusal = await refusalOf(() => toNetwork(graph, { architecture: { padding: 'symmetric' } }))
  expect(refusal.file).toBe('float.tflite')
  expect(refusal.message).toContain('stem: convolution 3 x 3, 3 to 8 channels, stride 2, padding symmetric (1, 1, 1, 1), relu6')
  const withoutShortcuts = await refusalOf(() => toNetwork(graph, { architecture: { residual: 'none' } }))
  expect(withoutShortcuts.message).toContain('added to operator 0')
  const activated = await refusalOf(() => toNetwork(graph, { architecture: { bottleneckActivation: 'relu6' } }))
  expect(activated.details).toMatchObject({
    expected: expect.stringContaining('block1.project: pointwise'),
    got: expect.stringContaining('linear'),
  })
})
