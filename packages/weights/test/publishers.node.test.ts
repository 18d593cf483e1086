import { mobileNetV2Table } from '@mobilenetv2/spec'
import { expectAllClose } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { readCheckpoint, toNetwork } from '../src/index.js'
import { goldenBytes } from './support/goldens.js'
import { readGolden } from './support/logits-of.js'
import { withTensor } from './support/renamed.js'

const imageNet = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] }
const half = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] }
const repetitions = (counts: readonly number[]): object => ({
  table: mobileNetV2Table.map(([t, c, , s], row) => [t, c, counts[row], s]),
})
const pytorch = { padding: 'symmetric', batchNormEpsilon: 1e-5 }
const shorterSide = { kind: 'shorterSide', size: 256, rounding: 'torchvision' }

test.each([
  {
    file: 'timm-bf16.safetensors',
    format: 'safetensors',
    naming: 'timm',
    options: pytorch,
    preprocessing: { geometry: shorterSide, interpolation: 'bicubic', ...imageNet },
  },
  {
    file: 'timm-deep-f16.safetensors',
    format: 'safetensors',
    naming: 'timm',
    options: { ...pytorch, stemChannels: 32, ...repetitions([1, 3, 4, 5, 4, 4, 1]) },
    preprocessing: { geometry: shorterSide, interpolation: 'bicubic', ...imageNet },
  },
  {
    file: 'huggingface.safetensors',
    format: 'safetensors',
    naming: 'huggingface',
    options: { headChannels: 192, channelDivisor: 4, padding: 'same', batchNormEpsilon: 1e-3 },
    preprocessing: { geometry: shorterSide, interpolation: 'bilinear', ...half },
  },
  {
    file: 'd-li14.pth',
    format: 'pytorch',
    naming: 'd-li14',
    options: { ...pytorch, channelDivisor: 4, headChannels: 160 },
    preprocessing: { geometry: shorterSide, interpolation: 'bilinear', ...imageNet },
  },
  {
    file: 'torchvision-legacy.pth',
    format: 'pytorch',
    naming: 'torchvision',
    options: { ...pytorch, headChannels: 160 },
    preprocessing: { geometry: shorterSide, interpolation: 'bilinear', ...imageNet },
  },
])(
  "$file: the producer's logits within 1e-5 of the largest, from the file alone",
  async ({ file, format, naming, options, preprocessing }) => {
    const { network, logits, expected } = await readGolden(file)
    expect(network.source).toEqual({ file, format, naming })
    expect(network.preprocessing).toEqual(preprocessing)
    const { height, width, widthMultiplier, classes, ...others } = network.options
    expect({ height, width, widthMultiplier, classes }).toEqual({
      height: 224,
      width: 224,
      widthMultiplier: expected.width,
      classes: 7,
    })
    expect(others).toEqual(options)
    expectAllClose(logits, expected.logits, { relative: 1e-5 })
  },
)

test('1001 classes in the naming of Hugging Face: the first is for none of the others', async () => {
  const checkpoint = await readCheckpoint(goldenBytes('huggingface.safetensors'))
  const zeros = (shape: readonly number[], count: number): object => ({ shape, dtype: 'float32', bytes: new Uint8Array(4 * count) })
  const wide = withTensor(
    withTensor(checkpoint, 'classifier.weight', zeros([1001, 192], 1001 * 192)),
    'classifier.bias',
    zeros([1001], 1001),
  )
  expect(await toNetwork(wide)).toMatchObject({ classes: { background: 0 }, options: { classes: 1001 } })
  expect((await toNetwork(checkpoint)).classes.background).toBe(null)
})
