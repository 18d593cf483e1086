import { expect, test } from 'vitest'
import type { PlainValue } from '../src/checkpoint.js'
import type { Checkpoint, StoredTensor, ToNetworkOptions } from '../src/index.js'
import { readCheckpoint, toNetwork } from '../src/index.js'
import { torchvisionNamings } from '../src/namings/torchvision.js'
import { refusalOf } from './support/expect-refusal.js'
import { goldenBytes } from './support/goldens.js'
import { renamed } from './support/renamed.js'
import { stateDict } from './support/state-dict.js'

/** Channels of the last map. */
const channels = 12

function tensor(name: string, shape: readonly number[], value = 1): StoredTensor {
  const count = shape.reduce((product, extent) => product * extent, 1)
  const values = Float32Array.from({ length: count }, (_, index) => value + index)
  return { name, shape, dtype: 'float32', bytes: new Uint8Array(values.buffer), quantization: null }
}

/** A state dict with a prefix, a classifier of so many classes, and these tensors beside it. */
function fileOf(classes: number, prefix: string, beside: Readonly<Record<string, readonly number[]>>): Checkpoint {
  const { tensors, ...rest } = stateDict(torchvisionNamings[0]!, { widthMultiplier: 0.1, headChannels: channels, classes })
  const named = new Map([...tensors].map(([name, each]) => [prefix + name, { ...each, name: prefix + name }]))
  for (const [index, [name, shape]] of Object.entries(beside).entries()) named.set(name, tensor(name, shape, index + 1))
  return { ...rest, tensors: named }
}

async function headOf(
  file: Checkpoint,
  options: ToNetworkOptions = {},
): Promise<readonly [units: readonly (number | string)[], classes: number]> {
  const { architecture, options: defined } = await toNetwork(file, options)
  return [(defined.headLayers ?? []).flatMap(({ units, activation }) => [units, activation]), architecture.classes]
}

async function refusal(file: Checkpoint, options: ToNetworkOptions = {}): Promise<string> {
  return (await refusalOf(() => toNetwork(file, options))).message
}

test('a layer behind a whole network takes its answers', async () => {
  expect(await headOf(fileOf(1000, 'backbone.', { 'fc.weight': [5, 1000], 'fc.bias': [5] }))).toEqual([[1000, 'linear'], 5])
  expect(await headOf(fileOf(1000, '0.', { '1.weight': [5, 1000] }))).toEqual([[1000, 'linear'], 5])
  expect(await headOf(fileOf(1000, '0.', { '2.weight': [5, 1000] }))).toEqual([[1000, 'relu'], 5])
})

test("a head of one's own behind a network is preferred to a classifier of ImageNet within it", async () => {
  const file = fileOf(1000, 'backbone.', { 'head.weight': [5, channels], 'head.bias': [5] })
  expect(await headOf(file)).toEqual([[], 5])
  const { reasons } = await toNetwork(file)
  expect(reasons.join('\n')).toContain('left out the dense layers backbone.classifier')
})

test('what does not follow a network is left out', async () => {
  const file = fileOf(4, 'net.', { 'disc.weight': [1, 77] })
  expect(await headOf(file)).toEqual([[], 4])
  expect((await toNetwork(file)).reasons.join('\n')).toContain('left out the dense layers disc: they do not follow')
})

test('dense layers of one size follow each other as the program built them', async () => {
  const file = fileOf(0, 'net.', { 'z.weight': [6, channels], 'b.weight': [6, 6], 'a.weight': [6, 6], 'out.weight': [3, 6] })
  const { reasons, parameters } = await toNetwork(file)
  expect([...parameters.keys()].slice(-4)).toEqual(['dense1', 'dense2', 'dense3', 'classifier'])
  expect(parameters.get('dense2')!.kernel[0]).toBe(2)
  expect(reasons.join('\n')).not.toContain('in the order')
  const sorted = await toNetwork({ ...file, format: 'safetensors' })
  expect(sorted.reasons.join('\n')).toContain('dense layers in the order z, a, b, out: assumed')
})

test('two heads are refused, also where one could take a flattened map', async () => {
  const file = fileOf(0, 'net.', { 'a.weight': [3, channels], 'b.weight': [5, channels] })
  expect(await refusal(file)).toContain('not one head')
})

test('a classifier under two names is one', async () => {
  const file = fileOf(0, 'net.', { 'a.weight': [3, channels] })
  const copy = { ...file.tensors.get('a.weight')!, name: 'b.weight' }
  expect(await headOf({ ...file, tensors: new Map(file.tensors).set(copy.name, copy) })).toEqual([[], 3])
})

test.each<[string, Readonly<Record<string, readonly number[]>>, string]>([
  ['GeM', { 'pool.p': [1], 'fc.weight': [3, channels] }, 'generalised mean'],
  ['PReLU', { 'fc1.weight': [6, channels], 'act.weight': [1], 'fc2.weight': [3, 6] }, 'PReLU'],
  ['ArcFace', { 'embed.weight': [6, channels], 'embed.bias': [6], 'arcface.weight': [3, 6] }, 'normalised vectors'],
  ['metric_fc', { 'embed.weight': [6, channels], 'metric_fc.weight': [3, 6] }, 'normalised vectors'],
  ['LoRA', { 'fc.weight': [3, channels], 'fc.lora_A': [2, channels], 'fc.lora_B': [3, 2] }, 'LoRA'],
  ['two pools', { 'fc.weight': [3, 2 * channels] }, 'takes two pools'],
  [
    'attention',
    { 'net.features.19.fc.0.weight': [4, channels], 'net.features.19.fc.2.weight': [channels, 4], 'fc.weight': [3, channels] },
    'inside its body',
  ],
])('%s is refused by name', async (_, beside, message) => {
  expect(await refusal(fileOf(0, 'net.', beside))).toContain(message)
})

test.each([
  [[3], 'normalize.mean', 'normalize.std', 1],
  [[1, 3, 1, 1], 'mean', 'std', 1],
  [[3, 1, 1], 'pixel_mean', 'pixel_std', 255],
])('mean and deviation in buffers of %j are those of the pictures', async (shape, mean, std, unit) => {
  const file = fileOf(3, 'net.', {})
  const buffer = (name: string, values: readonly number[]): StoredTensor => {
    const scaled = Float32Array.from(values, (value) => value * unit)
    return { name, shape, dtype: 'float32', bytes: new Uint8Array(scaled.buffer), quantization: null }
  }
  const tensors = new Map(file.tensors).set(mean, buffer(mean, [0.5, 0.4, 0.3])).set(std, buffer(std, [0.25, 0.2, 0.1]))
  const { preprocessing } = await toNetwork({ ...file, tensors })
  for (const [index, value] of [0.5, 0.4, 0.3].entries()) expect(preprocessing.mean[index]).toBeCloseTo(value, 5)
  for (const [index, value] of [0.25, 0.2, 0.1].entries()) expect(preprocessing.deviation[index]).toBeCloseTo(value, 5)
})

type Tree = { [name: string]: PlainValue }

/** The metadata of a pickled module of torchvision's network, with changes by path. */
function moduleTree(file: Checkpoint, changes: Readonly<Record<string, PlainValue>>): Tree {
  const root: Tree = { __class__: 'MobileNetV2' }
  const put = (path: string, value: PlainValue): void => {
    let node = root
    const parts = path.split('.')
    for (const part of parts.slice(0, -1)) {
      node[part] ??= { __class__: 'torch.nn.modules.container.Sequential' }
      node = node[part] as Tree
    }
    node[parts.at(-1)!] = value
  }
  for (const name of file.tensors.keys()) {
    const path = name.slice(0, name.lastIndexOf('.'))
    const isConvolution = file.tensors.get(name)!.shape.length === 4
    const stride = [1, 1]
    if (isConvolution) put(path, { __class__: 'Conv2d', stride, padding: [1, 1], dilation: [1, 1], padding_mode: 'zeros' })
  }
  const strided = ['features.0.0', 'features.2.conv.1.0', 'features.4.conv.1.0', 'features.7.conv.1.0', 'features.14.conv.1.0']
  for (const path of strided) put(`${path}.stride`, [2, 2])
  for (let block = 1; block < 18; block++) put(`features.${block}.conv.0.2`, { __class__: 'ReLU6' })
  put('classifier', { __class__: 'Linear' })
  for (const [path, value] of Object.entries(changes)) put(path, value)
  return root
}

test.each<[string, Readonly<Record<string, PlainValue>>, string]>([
  [
    'another activation',
    { 'features.3.conv.0.2': { __class__: 'torch.nn.modules.activation.LeakyReLU' } },
    'activation that no MobileNetV2',
  ],
  ['dilation', { 'features.15.conv.1.0.dilation': [2, 2] }, 'dilation'],
  ['a reflected border', { 'features.0.0.padding_mode': 'reflect' }, 'padding_mode reflect'],
  ['two pools', { a: { __class__: 'AdaptiveAvgPool2d' }, b: { __class__: 'AdaptiveMaxPool2d' } }, 'pools its last map'],
  ['GeM', { pool: { __class__: 'GeM' } }, 'pools its last map'],
  ['a dense layer of another class', { classifier: { __class__: 'ArcMarginProduct' } }, 'class whose computation is not known'],
])('a pickled module with %s is refused', async (_, changes, message) => {
  const file = fileOf(3, '', {})
  expect(await refusal({ ...file, metadata: moduleTree(file, changes) })).toContain(message)
})

test('a pickled module states its strides, its pool, and what follows its answers', async () => {
  const file = fileOf(3, '', {})
  const metadata = moduleTree(file, {
    'features.14.conv.1.0.stride': [1, 1],
    pool: { __class__: 'AdaptiveMaxPool2d' },
    last: { __class__: 'Sigmoid' },
  })
  const { architecture, classes } = await toNetwork({ ...file, metadata })
  const strides = architecture.layers
    .filter(({ kind }) => kind === 'depthwise')
    .map((layer) => ('stride' in layer ? layer.stride : 0))
  expect(strides.filter((stride) => stride === 2)).toHaveLength(3)
  expect(architecture.layers.some(({ kind }) => kind === 'globalMaxPool')).toBe(true)
  expect(classes.output).toBe('sigmoid')
})

test('a network that is cut off after a block has the strides of the published rows', async () => {
  const file = fileOf(0, '', {})
  const tensors = new Map([...file.tensors].filter(([name]) => !/^features\.1[4-8]/.test(name)))
  const { architecture } = await toNetwork({ ...file, tensors })
  expect(architecture.layers.filter(({ kind }) => kind === 'depthwise')).toHaveLength(13)
})

test('a network that is trained for its quantisation has a BatchNorm in each convolution, and ReLU', async () => {
  const { architecture } = await toNetwork(
    stateDict(torchvisionNamings[2]!, { widthMultiplier: 0.1, headChannels: channels, classes: 3 }),
  )
  expect(architecture.layers.some((layer) => 'activation' in layer && layer.activation === 'relu')).toBe(true)
})

test('a BatchNorm of as many channels as the classes is that of the classifier', async () => {
  const file = fileOf(0, 'net.', { 'fc.weight': [3, channels], 'bn.weight': [3], 'bn.bias': [3] })
  const statistics = ['bn.running_mean', 'bn.running_var'].map((name) => [name, tensor(name, [3])] as const)
  const { parameters, reasons } = await toNetwork({ ...file, tensors: new Map([...file.tensors, ...statistics]) })
  // gamma is 2, 3, 4; the variance is 1, 2, 3.
  expect(parameters.get('classifier')!.kernel[0]).toBeCloseTo(2 / Math.sqrt(1 + 1e-5), 4)
  expect(reasons.join('\n')).toContain('BatchNorm bn follows fc')
})

test('a convolution with a BatchNorm in the head is refused, and named', async () => {
  const norm = { '1.1.weight': [6], '1.1.bias': [6], '1.1.running_mean': [6], '1.1.running_var': [6] }
  const file = fileOf(0, '0.', { '1.0.weight': [6, channels, 1, 1], ...norm, '2.weight': [3, 6] })
  expect(await refusal(file)).toContain('The head has a convolution with a BatchNorm')
})

test('a BatchNorm without weight and bias is refused with a way out', async () => {
  const file = fileOf(3, '', {})
  const tensors = new Map([...file.tensors].filter(([name]) => !/features\.0\.1\.(weight|bias)$/.test(name)))
  expect(await refusal({ ...file, tensors })).toContain('affine=False')
})

test.each<[string, Readonly<Record<string, readonly number[]>>, Tree]>([
  ['the weights of a loss', { 'criterion.pos_weight': [3] }, {}],
  ['the name of a loss', {}, { args: { loss: 'bce' } }],
  ['the class of a loss', {}, { hyper_parameters: { criterion: { __class__: 'torch.nn.modules.loss.BCEWithLogitsLoss' } } }],
])('%s says that the answers are independent', async (_, beside, metadata) => {
  const { classes } = await toNetwork({ ...fileOf(3, 'net.', beside), metadata })
  expect(classes.output).toBe('sigmoid')
  const other = await toNetwork({ ...fileOf(3, 'net.', {}), metadata: { loss: 'CrossEntropyLoss', note: 'bce' } })
  expect(other.classes.output).toBe('logits')
})

test.each<[string, Readonly<Record<string, PlainValue>>, string]>([
  ['ReLU after the stem alone', { 'features.0.2': { __class__: 'ReLU' } }, 'ReLU in some layers'],
  ['attention without parameters', { 'features.3.conv.att': { __class__: '__main__.SimAM' } }, 'SimAM'],
  [
    'attention after the last map',
    { 'features.__class__': 'torch.nn.modules.container.Sequential', 'features.19': { __class__: '__main__.SimAM' } },
    'SimAM',
  ],
  [
    'attention whose function is a module',
    {
      'features.__class__': 'torch.nn.modules.container.Sequential',
      'features.19': { __class__: 'SimAM', act: { __class__: 'Sigmoid' } },
    },
    'SimAM',
  ],
])('%s in a pickled module is refused', async (_, changes, message) => {
  const file = fileOf(3, '', {})
  const text = await refusal({ ...file, metadata: moduleTree(file, changes) })
  expect(text).toContain(message)
})

test('zeros that are put around a map before its convolution are those of TensorFlow', async () => {
  const file = fileOf(3, '', {})
  const { options, reasons } = await toNetwork({ ...file, metadata: moduleTree(file, { 'features.0.0.padding': [0, 0] }) })
  expect(options.padding).toBe('same')
  expect(reasons.join('\n')).toContain('padding same: the modules in the file say so')
})

test('modules that change no value, and pools of any name, are read', async () => {
  const file = fileOf(3, '', {})
  const metadata = moduleTree(file, {
    'features.3.drop_path': { __class__: 'timm.layers.drop.DropPath' },
    'features.3.skip_add': { __class__: 'torch.nn.quantized.FloatFunctional' },
    'features.__class__': 'torch.nn.modules.container.Sequential',
    'features.19': { __class__: '__main__.Flatten' },
    'features.20': { __class__: '__main__.Last', act: { __class__: 'ReLU6' } },
  })
  expect((await toNetwork({ ...file, metadata })).architecture.classes).toBe(3)
})

test('a MobileNetV1 of PyTorch under names of its own is taken to have ReLU', async () => {
  const published = await readCheckpoint(goldenBytes('huggingface-v1.safetensors'))
  const words = {
    'mobilenet_v1.conv_stem': 'a',
    'mobilenet_v1.layer': 'b',
    classifier: 'fc',
    normalization: 'norm',
    convolution: 'conv',
  }
  const own = renamed(published, (name) => Object.entries(words).reduce((text, [from, to]) => text.replace(from, to), name))
  const { options, reasons, source } = await toNetwork(own)
  expect([source.naming, options.family, options.activation]).toEqual(['order', 'MobileNetV1', 'relu'])
  expect(reasons.join('\n')).toContain('activation relu: most MobileNetV1 of PyTorch')
  expect((await toNetwork(own, { architecture: { activation: 'relu6' } })).options.activation).toBeUndefined()
})
