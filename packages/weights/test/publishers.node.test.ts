import { mobileNetV2Table } from '@mobilenetv2/spec'
import { expectAllClose } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { inferOptions, readCheckpoint } from '../src/index.js'
import { goldenBytes } from './goldens.js'
import { readGolden } from './logits-of.js'

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
    family: 'PyTorch',
    options: pytorch,
    preprocessing: { geometry: shorterSide, interpolation: 'bicubic', ...imageNet },
  },
  {
    file: 'timm-deep-f16.safetensors',
    format: 'safetensors',
    naming: 'timm',
    family: 'PyTorch',
    options: { ...pytorch, stemChannels: 32, ...repetitions([1, 3, 4, 5, 4, 4, 1]) },
    preprocessing: { geometry: shorterSide, interpolation: 'bicubic', ...imageNet },
  },
  {
    file: 'huggingface.safetensors',
    format: 'safetensors',
    naming: 'huggingface',
    family: 'TensorFlow',
    options: { headChannels: 192, channelDivisor: 4, padding: 'same', batchNormEpsilon: 1e-3 },
    preprocessing: { geometry: shorterSide, interpolation: 'bilinear', ...half },
  },
  {
    file: 'd-li14.pth',
    format: 'pytorch',
    naming: 'd-li14',
    family: 'PyTorch',
    options: { ...pytorch, channelDivisor: 4, headChannels: 160 },
    preprocessing: { geometry: shorterSide, interpolation: 'bilinear', ...imageNet },
  },
  {
    file: 'torchvision-legacy.pth',
    format: 'pytorch',
    naming: 'torchvision',
    family: 'PyTorch',
    options: { ...pytorch, headChannels: 160 },
    preprocessing: { geometry: shorterSide, interpolation: 'bilinear', ...imageNet },
  },
])(
  "$file: the producer's logits within 1e-4 of the largest, from the file alone",
  async ({ file, format, options, ...expectation }) => {
    const { checkpoint, inferred, logits, expected } = await readGolden(file)
    expect(checkpoint.format).toBe(format)
    expect(inferred).toMatchObject(expectation)
    const { height, width, widthMultiplier, classes, ...others } = inferred.options
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
  const { tensors, ...rest } = await readCheckpoint(goldenBytes('huggingface.safetensors'))
  const [name, weight] = ['classifier.weight', tensors.get('classifier.weight')!]
  const wide = { ...rest, tensors: new Map([...tensors, [name, { ...weight, shape: [1001, 192] }]]) }
  expect(inferOptions(wide)).toMatchObject({ backgroundClass: 0, options: { classes: 1001 } })
  expect(inferOptions({ ...rest, tensors }).backgroundClass).toBe(null)
})
