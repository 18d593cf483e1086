import { expect, test } from 'vitest'
import { factsFrom, readNetwork, type ToNetworkOptions, toNetwork, toSafetensors } from '../src/index.js'
import { torchvisionNamings } from '../src/namings/torchvision.js'
import { graphCheckpoint, ownCheckpoint, ownNetwork, small } from './support/checkpoints.js'
import { optionRefusalOf } from './support/option-refusal.js'
import { stateDict } from './support/state-dict.js'

const torchvision = stateDict(torchvisionNamings[0]!, small)
const graph = await graphCheckpoint()
const own = await ownCheckpoint()

const outputReason = 'nothing says how they are read; several are read as one class of several (softmax)'

test("facts that no source states are the conventions of the naming's publisher, each with its reason", async () => {
  const { options, preprocessing, classes, reasons } = await toNetwork(torchvision)
  expect(options).toEqual({ ...small, height: 224, width: 224, padding: 'symmetric', batchNormEpsilon: 1e-5 })
  expect(preprocessing).toEqual({
    geometry: { kind: 'shorterSide', size: 256, rounding: 'torchvision' },
    interpolation: 'bilinear',
    mean: [0.485, 0.456, 0.406],
    deviation: [0.229, 0.224, 0.225],
  })
  expect(classes).toEqual({ labels: [], background: null, output: 'logits', outputReason })
  expect(reasons.slice(4)).toEqual([
    'input 224 x 224: the published size, as nothing states another',
    'first convolution of stride 2: as published, and the file does not say',
    'activation relu6: as published, and the file does not say',
    'padding symmetric: PyTorch does so, and the file does not say',
    'BatchNorm epsilon 0.00001: PyTorch does so, and the file does not say',
    'average pool: as published, and the file does not say',
    "preprocessing shorter side 256, centre crop: torchvision's recipe, as the file does not say",
    "interpolation bilinear: torchvision's recipe, as the file does not say",
    "mean 0.485, 0.456, 0.406: torchvision's recipe, as the file does not say",
    "deviation 0.229, 0.224, 0.225: torchvision's recipe, as the file does not say",
    'no background class: nothing in the file names one',
    'no labels: nothing names the 3 classes',
    `output logits: ${outputReason}`,
  ])
})

test('a graph is believed before conventions', async () => {
  const { options, preprocessing, reasons } = await toNetwork(graph)
  expect(options).toMatchObject({ height: 64, width: 64, padding: 'same' })
  expect(preprocessing.geometry).toEqual({ kind: 'shorterSide', size: 73, rounding: 'nearest' })
  expect(reasons).toContain('input 64 x 64: the graph says so')
  expect(reasons).toContain('padding same: the graph pads so')
  expect(reasons).toContain('BatchNorm epsilon 0.001: TensorFlow does so, and the file does not say')
})

test('a description in the file states everything', async () => {
  const { options, preprocessing, classes, reasons } = await toNetwork(own)
  const { parameters, ...network } = ownNetwork
  const described = { ...network, classes: { ...network.classes, outputReason: "the file's metadata say so" } }
  expect({ options, preprocessing, classes }).toEqual(described)
  expect(reasons.slice(1)).toEqual([
    "preprocessing the whole picture, stretched: the file's metadata say so",
    "interpolation bicubic: the file's metadata say so",
    "mean 0.1, 0.2, 0.3: the file's metadata say so",
    "deviation 0.4, 0.5, 0.6: the file's metadata say so",
    "background class 0: the file's metadata say so",
    "labels of 2 classes: the file's metadata say so",
    "output sigmoid: the file's metadata say so",
  ])
})

test('`stated` is believed before the file, and the caller before both', async () => {
  const stated = [factsFrom({ interpolation: 'bilinear', mean: [0, 0, 0], output: 'softmax' }, 'the publisher says so')]
  const network = await toNetwork(own, { stated, preprocessing: { mean: [1, 1, 1] } })
  expect(network.preprocessing).toEqual({ ...ownNetwork.preprocessing, interpolation: 'bilinear', mean: [1, 1, 1] })
  expect(network.classes.output).toBe('softmax')
  expect(network.reasons).toContain('interpolation bilinear: the publisher says so')
  expect(network.reasons).toContain('mean 1, 1, 1: as asked for')
  expect(network.reasons).toContain("deviation 0.4, 0.5, 0.6: the file's metadata say so")
  expect(network.reasons).toContain('output softmax: the publisher says so')
})

test('a part of a recipe leaves the other parts to the conventions', async () => {
  const { preprocessing, reasons } = await toNetwork(torchvision, { preprocessing: { interpolation: 'bicubic' } })
  expect(preprocessing).toEqual({ ...(await toNetwork(torchvision)).preprocessing, interpolation: 'bicubic' })
  expect(reasons).toContain('interpolation bicubic: as asked for')
})

test('the size of a state dict, which its recipe follows', async () => {
  const network = await toNetwork(torchvision, { architecture: { height: 96, width: 64 } })
  expect(network.architecture.input).toEqual({ height: 96, width: 64, channels: 3 })
  expect(network.options).toMatchObject({ height: 96, width: 64 })
  expect(network.preprocessing.geometry).toEqual({ kind: 'shorterSide', size: 73, rounding: 'torchvision' })
  expect(network.reasons).toContain('input 96 x 64: as asked for')
})

test('a network can be sent to a worker', async () => {
  for (const checkpoint of [torchvision, graph, own]) {
    const network = await toNetwork(checkpoint)
    expect(structuredClone(network)).toEqual(network)
  }
})

test('readNetwork takes the options of both of its halves', async () => {
  const network = await readNetwork(toSafetensors(ownNetwork), { file: 'a.safetensors', output: 'softmax' })
  expect(network.source).toEqual({ file: 'a.safetensors', format: 'safetensors', naming: 'mobilenetv2' })
  expect(network.classes.output).toBe('softmax')
})

test.each<[string, object, string]>([
  ['of another name', { label: ['a', 'b', 'c'] }, 'There is no option label.'],
  ['of a reader', { file: 'a.onnx' }, 'There is no option file.'],
  ['of another name in preprocessing', { preprocessing: { std: [1, 1, 1] } }, 'There is no option std.'],
  ['of another name in architecture', { architecture: { widthMultiplier: 1 } }, 'There is no option widthMultiplier.'],
  ['of half a size', { architecture: { height: 96 } }, 'height and width, both or none'],
  ['of a size too small', { architecture: { height: 96, width: 31 } }, 'option architecture.width'],
  ['of an unknown padding', { architecture: { padding: 'valid' } }, 'option architecture.padding'],
  ['of an epsilon of 0', { architecture: { batchNormEpsilon: 0 } }, 'option architecture.batchNormEpsilon'],
  ['of an unknown activation', { architecture: { bottleneckActivation: 'relu' } }, 'option architecture.bottleneckActivation'],
  ['of unknown shortcuts', { architecture: { residual: 'all' } }, 'option architecture.residual'],
  ['of an unknown output', { output: 'logits' }, 'option output'],
  ['of a geometry without its kind', { preprocessing: { geometry: { size: 256 } } }, 'option preprocessing.geometry.kind'],
  [
    'of a geometry without its rounding',
    { preprocessing: { geometry: { kind: 'shorterSide', size: 256 } } },
    'option preprocessing.geometry.rounding',
  ],
  [
    'of a fraction above 1',
    { preprocessing: { geometry: { kind: 'centralFraction', fraction: 1.1 } } },
    'option preprocessing.geometry.fraction',
  ],
  ['of an unknown interpolation', { preprocessing: { interpolation: 'lanczos' } }, 'option preprocessing.interpolation'],
  ['of a mean of two', { preprocessing: { mean: [0.5, 0.5] } }, 'option preprocessing.mean'],
  ['of a deviation of 0', { preprocessing: { deviation: [0, 1, 1] } }, 'option preprocessing.deviation'],
])('an option %s is refused', async (_, options, message) => {
  expect(await optionRefusalOf(() => toNetwork(torchvision, options as ToNetworkOptions))).toContain(message)
})

test.each<[string, (value: unknown) => object]>([
  ['labels', (labels) => ({ labels })],
  ['output', (output) => ({ output })],
  ['preprocessing', (preprocessing) => ({ preprocessing })],
  ...['geometry', 'interpolation', 'mean', 'deviation'].map((name): [string, (value: unknown) => object] => [
    `preprocessing.${name}`,
    (value) => ({ preprocessing: { [name]: value } }),
  ]),
  ['architecture', (architecture) => ({ architecture })],
  ...['padding', 'batchNormEpsilon', 'bottleneckActivation', 'residual'].map((name): [string, (value: unknown) => object] => [
    `architecture.${name}`,
    (value) => ({ architecture: { [name]: value } }),
  ]),
])('the option %s is refused, not ignored, if it is null, false, an empty text or 0', async (_, options) => {
  for (const value of [null, false, '', 0]) await optionRefusalOf(() => toNetwork(torchvision, options(value) as ToNetworkOptions))
})
