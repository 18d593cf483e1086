import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { expect, test } from 'vitest'
import { type Checkpoint, CheckpointError, inferOptions, readCheckpoint, type StoredTensor, toParameters } from '../src/index.js'
import { goldenBytes } from './goldens.js'

const note = await readCheckpoint(goldenBytes('note.pth'), { file: 'note.pth' })
const torchvision = await readCheckpoint(goldenBytes('torchvision.pth'), { file: 'torchvision.pth' })

/** A checkpoint with other names; a name that becomes null is left out. */
function renamed(checkpoint: Checkpoint, rename: (name: string) => string | null): Checkpoint {
  const tensors = new Map<string, StoredTensor>()
  for (const [name, tensor] of checkpoint.tensors) {
    const other = rename(name)
    if (other !== null) tensors.set(other, { ...tensor, name: other })
  }
  return { ...checkpoint, tensors }
}

function errorOf(action: () => unknown): CheckpointError {
  try {
    action()
  } catch (error) {
    if (error instanceof CheckpointError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

test.each(['module.', 'model.', 'backbone.', 'state_dict.', 'state_dict.model.module.'])(
  'finds and drops the prefix %s',
  (prefix) => {
    const checkpoint = renamed(torchvision, (name) => prefix + name)
    const { naming, options, reasons } = inferOptions(checkpoint)
    expect(naming).toBe('torchvision')
    expect(reasons[0]).toContain('without the prefix')
    const architecture = defineMobileNetV2(options)
    expect(toParameters(checkpoint, architecture)).toEqual(toParameters(torchvision, architecture))
  },
)

test('a wrapped backbone beside a bare classifier', () => {
  const checkpoint = renamed(torchvision, (name) => (name.startsWith('classifier') ? name : `backbone.${name}`))
  expect(inferOptions(checkpoint).naming).toBe('torchvision')
})

test('a missing tensor: the nearest naming, and the first that is missing', () => {
  const checkpoint = renamed(torchvision, (name) => (name === 'features.3.conv.1.1.running_var' ? null : name))
  const { message, code, file } = errorOf(() => inferOptions(checkpoint))
  expect({ code, file }).toEqual({ code: 'CHECKPOINT', file: 'torchvision.pth' })
  expect(message).toContain('torchvision (the nearest of note, torchvision,')
  expect(message).toContain('missing: features.3.conv.1.1.running_var; unexpected: none')
})

test('a tensor too many: the first that is not expected', () => {
  const checkpoint = renamed(note, (name) => (name === 'classifier.1.bias' ? 'classifier.2.bias' : name))
  expect(errorOf(() => inferOptions(checkpoint)).message).toContain('missing: classifier.1.bias; unexpected: classifier.2.bias')
})

test('two tensors of one name once prefixes are dropped', () => {
  const tensors = new Map([...note.tensors, ['module.classifier.1.bias', note.tensors.get('classifier.1.bias')!]])
  expect(errorOf(() => inferOptions({ ...note, tensors })).message).toContain('classifier.1.bias and module.classifier.1.bias')
})

test('tensors of another network, or none at all', () => {
  const other = renamed(note, (name) => `layer${name.length}.${name}`)
  for (const checkpoint of [other, { ...note, tensors: new Map() }]) {
    expect(errorOf(() => inferOptions(checkpoint)).message).toContain('not those of a whole MobileNetV2')
  }
})

test('another architecture than the file holds: tensor, expected and got', () => {
  const { options } = inferOptions(note)
  const wide = errorOf(() => toParameters(note, defineMobileNetV2({ ...options, classes: 8 })))
  expect(wide).toMatchObject({
    tensor: 'classifier.1.weight',
    file: 'note.pth',
    details: { expected: '[8, 160]', got: '[7, 160]' },
  })
  const half = errorOf(() => toParameters(note, defineMobileNetV2({ ...options, widthMultiplier: 0.5 })))
  expect(half.tensor).toBe('stem_conv.0.weight')
})

test("shuffled: kernels under each other's names", () => {
  const [first, second] = ['layers.1.residual.0.0.weight', 'layers.16.residual.0.0.weight'] as const
  const swap = new Map<string, string>([
    [first, second],
    [second, first],
  ])
  const checkpoint = renamed(note, (name) => (swap.has(name) ? swap.get(name)! : name))
  expect(errorOf(() => toParameters(checkpoint, defineMobileNetV2(inferOptions(note).options)))).toMatchObject({
    code: 'CHECKPOINT',
  })
})

test.each([
  ['another rank', { shape: [7 * 160] }],
  ['integers without a scale', { dtype: 'int32' }],
  ['a type that holds no parameters', { dtype: 'int64' }],
  ['values that are not finite', { bytes: new Uint8Array(7 * 160 * 4).fill(0xff) }],
] as const)('a classifier of %s', (_, change) => {
  const name = 'classifier.1.weight'
  const tensors = new Map([...note.tensors, [name, { ...note.tensors.get(name)!, ...change }]])
  const architecture = defineMobileNetV2(inferOptions(note).options)
  expect(errorOf(() => toParameters({ ...note, tensors }, architecture))).toMatchObject({ code: 'CHECKPOINT', tensor: name })
})

test('a negative variance', () => {
  const name = 'last_conv.1.running_var'
  const bytes = new Uint8Array(new Float32Array(160).fill(-1).buffer)
  const tensors = new Map([...note.tensors, [name, { ...note.tensors.get(name)!, bytes }]])
  const architecture = defineMobileNetV2(inferOptions(note).options)
  expect(errorOf(() => toParameters({ ...note, tensors }, architecture))).toMatchObject({ code: 'CHECKPOINT', tensor: name })
})

test('a graph that is not the architecture: the first layer that differs', async () => {
  const graph = await readCheckpoint(goldenBytes('float.tflite'))
  const { options } = inferOptions(graph)
  const message = (change: object): string =>
    errorOf(() => toParameters(graph, defineMobileNetV2({ ...options, ...change }))).message
  expect(message({ padding: 'symmetric' })).toContain(
    'stem: convolution [8, 3, 3, 3], stride 2, padding symmetric (1, 1, 1, 1), relu6',
  )
  expect(message({ residual: 'none' })).toContain('operator 2')
  expect(message({ bottleneckActivation: 'relu6' })).toContain('relu6')
  expect(message({ classes: 8 })).toContain('classifier: dense [8, 160]')
})
