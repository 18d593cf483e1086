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
    expect(reasons[0]).toContain('without the prefix')
    expect(parameters).toEqual((await toNetwork(torchvision)).parameters)
  },
)

test('a wrapped backbone beside a bare classifier', async () => {
  const checkpoint = renamed(torchvision, (name) => (name.startsWith('classifier') ? name : `backbone.${name}`))
  expect((await toNetwork(checkpoint)).source.naming).toBe('torchvision')
})

test('a missing tensor: the nearest naming, and the first that is missing', async () => {
  const checkpoint = renamed(torchvision, (name) => (name === 'features.3.conv.1.1.running_var' ? null : name))
  const { message, code, file } = await refusalOf(() => toNetwork(checkpoint))
  expect({ code, file }).toEqual({ code: 'CHECKPOINT', file: 'torchvision.pth' })
  expect(message).toContain('torchvision (the nearest of note, torchvision,')
  expect(message).toContain('missing: features.3.conv.1.1.running_var; unexpected: none')
})

test('a tensor too many: the first that is not expected', async () => {
  const checkpoint = renamed(note, (name) => (name === 'classifier.1.bias' ? 'classifier.2.bias' : name))
  const { message } = await refusalOf(() => toNetwork(checkpoint))
  expect(message).toContain('missing: classifier.1.bias; unexpected: classifier.2.bias')
})

test('two tensors of one name once prefixes are dropped', async () => {
  const tensors = new Map([...note.tensors, ['module.classifier.1.bias', note.tensors.get('classifier.1.bias')!]])
  const { message } = await refusalOf(() => toNetwork({ ...note, tensors }))
  expect(message).toContain('classifier.1.bias and module.classifier.1.bias')
})

test('tensors of another network, or none at all', async () => {
  const other = renamed(note, (name) => `layer${name.length}.${name}`)
  for (const checkpoint of [other, { ...note, tensors: new Map() }]) {
    expect((await refusalOf(() => toNetwork(checkpoint))).message).toContain('not those of a whole MobileNetV2')
  }
})

test('a tensor of another shape than its layer: tensor, expected and got', async () => {
  const eight = { shape: [8], bytes: new Uint8Array(8 * 4) }
  expect(await refusalOf(() => toNetwork(withTensor(note, 'classifier.1.bias', eight)))).toMatchObject({
    tensor: 'classifier.1.bias',
    file: 'note.pth',
    details: { expected: '[7]', got: '[8]' },
  })
  const large = { shape: [8, 3, 5, 5], bytes: new Uint8Array(8 * 75 * 4) }
  expect(await refusalOf(() => toNetwork(withTensor(note, 'stem_conv.0.weight', large)))).toMatchObject({
    tensor: 'stem_conv.0.weight',
    file: 'note.pth',
    details: { expected: '[8, 3, 3, 3]', got: '[8, 3, 5, 5]' },
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
  ['another rank', { shape: [7 * 160] }],
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
  expect(refusal.message).toContain('stem: convolution [8, 3, 3, 3], stride 2, padding symmetric (1, 1, 1, 1), relu6')
  const withoutShortcuts = await refusalOf(() => toNetwork(graph, { architecture: { residual: 'none' } }))
  expect(withoutShortcuts.message).toContain('operator 2')
  const activated = await refusalOf(() => toNetwork(graph, { architecture: { bottleneckActivation: 'relu6' } }))
  expect(activated.details).toMatchObject({
    expected: expect.stringContaining('block1.project: pointwise'),
    got: expect.stringContaining('linear'),
  })
})
