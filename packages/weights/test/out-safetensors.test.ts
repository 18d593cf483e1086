import { defineMobileNetV2, type MobileNetV2Options } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { inferOptions, type ModelDescription, readCheckpoint, toParameters, toSafetensors } from '../src/index.js'
import { refusalOf } from './expect-refusal.js'
import { find, patched } from './goldens.js'

const small: MobileNetV2Options = { widthMultiplier: 0.1, headChannels: 16, classes: 3, height: 64, width: 64 }

const described: ModelDescription = {
  family: 'PyTorch',
  options: small,
  preprocessing: {
    geometry: { kind: 'shorterSide', size: 70, rounding: 'torchvision' },
    interpolation: 'bicubic',
    mean: [0.485, 0.456, 0.406],
    deviation: [0.229, 0.224, 0.225],
  },
  backgroundClass: null,
}

const models: { title: string; model: ModelDescription }[] = [
  { title: 'labels that JSON escapes', model: { ...described, labels: ['a "b"\\', 'ü\n', '日本 🐈'] } },
  {
    title: 'a background class, the whole picture',
    model: { ...described, backgroundClass: 0, preprocessing: { ...described.preprocessing, geometry: { kind: 'stretch' } } },
  },
  { title: 'no classifier', model: { ...described, options: { ...small, classes: 0 } } },
  { title: 'no classifier', model: { ...described, options: { ...small, classes: 0 } } },
  {
    title: 'dense layers before the classifier',
    model: {
      ...described,
      options: {
        ...small,
        headLayers: [
          { units: 9, activation: 'relu' },
          { units: 5, activation: 'linear' },
        ],
      },
    },
  },
  {
    title: 'every option',
    model: {
      ...described,
      family: 'TensorFlow',
      options: {
        ...small,
        padding: 'same',
        batchNormEpsilon: 2e-3,
        channelDivisor: 4,
        headLayers: [
          { units: 12, activation: 'relu' },
          { units: 9, activation: 'linear' },
        ],
        stemChannels: 12,
        table: [
          [1, 16, 1, 1],
          [3.5, 24, 2, 2],
        ],
        bottleneckActivation: 'relu6',
        residual: 'expansion',
      },
      preprocessing: {
        ...described.preprocessing,
        geometry: { kind: 'centralFraction', fraction: 0.875 },
        interpolation: 'bilinear',
      },
    },
  },
]

test.each(models)('F32 is read back bit for bit, with $title', async ({ model }) => {
  const architecture = defineMobileNetV2(model.options)
  const parameters = seededParameters(architecture)
  const checkpoint = await readCheckpoint(toSafetensors(parameters, model))
  const { naming, reasons, ...read } = inferOptions(checkpoint)
  expect({ naming, read }).toEqual({ naming: 'mobilenetv2', read: model })
  expect(toParameters(checkpoint, defineMobileNetV2(read.options))).toEqual(parameters)
})

/** The largest error of a stored number: half a step of float16, or of the channel's scale. */
const halfSteps = {
  F16: (value: number) => Math.max(Math.abs(value) * 2 ** -11, 2 ** -25),
  I8: (_: number, largest: number) => (1 + 1e-6) * (largest / 127 / 2),
} as const

test.each([
  { dtype: 'F16', ratio: 0.55 },
  { dtype: 'I8', ratio: 0.35 },
] as const)('$dtype: small, each number the nearest that there is, and written again without loss', async ({ dtype, ratio }) => {
  const model = { ...described, options: { ...small, widthMultiplier: 0.35, headChannels: 320 } }
  const architecture = defineMobileNetV2(model.options)
  const parameters = seededParameters(architecture)
  parameters.get('head')!.kernel.fill(0, 0, 5)
  parameters.get('classifier')!.kernel.forEach((_, index, kernel) => {
    if (index % 3 === 1) kernel[index] = 0
  })
  const bytes = toSafetensors(parameters, model, { dtype })
  expect(bytes.length / toSafetensors(parameters, model).length).toBeLessThan(ratio)
  const checkpoint = await readCheckpoint(bytes)
  const read = toParameters(checkpoint, architecture)
  for (const [id, { kernel, bias }] of parameters) {
    const channels = bias.length
    const largest = new Float64Array(channels)
    kernel.forEach((value, index) => {
      largest[index % channels] = Math.max(largest[index % channels]!, Math.abs(value))
    })
    const far = kernel.findIndex((value, index) => {
      const error = Math.abs(read.get(id)!.kernel[index]! - value)
      return error > halfSteps[dtype](value, largest[index % channels]!)
    })
    expect({ id, far, bias: read.get(id)!.bias }).toEqual({ id, far: -1, bias })
  }
  const again = toParameters(await readCheckpoint(toSafetensors(read, inferOptions(checkpoint), { dtype })), architecture)
  for (const [id, { kernel }] of read)
    expect({ id, same: again.get(id)!.kernel.every((value, index) => value === kernel[index]) }).toEqual({ id, same: true })
})

test('what does not fit: a number beyond float16, another type, a kernel that is missing', () => {
  const architecture = defineMobileNetV2(small)
  const parameters = new Map(seededParameters(architecture))
  expect(() => toSafetensors(parameters, described, { dtype: 'F64' as 'F32' })).toThrow('F32, F16, I8')
  parameters.get('head')!.kernel[5] = 65_520
  expect(() => toSafetensors(parameters, described, { dtype: 'F16' })).toThrow('65520 at index 5')
  parameters.get('head')!.kernel[5] = Number.NaN
  for (const dtype of ['F16', 'I8'] as const) expect(() => toSafetensors(parameters, described, { dtype })).toThrow('head.kernel')
  parameters.delete('head')
  expect(() => toSafetensors(parameters, described)).toThrow('layer head')
})

test('a description that is damaged, missing, or of other tensors', async () => {
  const bytes = toSafetensors(seededParameters(defineMobileNetV2(small)), { ...described, labels: ['a', 'b', 'c'] })
  const message = async (text: string, replacement: string): Promise<string> => {
    const at = find(bytes, text)
    expect(at).toBeGreaterThan(0)
    const changed = patched(bytes, at, new TextEncoder().encode(replacement.padEnd(text.length)))
    return (await refusalOf(async () => inferOptions(await readCheckpoint(changed)))).message
  }
  expect(await message('"mobilenetv2":', '"otherkey":')).toContain('no description')
  expect(await message('\\"classes\\":3', '\\"classes\\":4')).toContain('not that of its tensors')
  expect(await message('\\"classes\\":3', '\\"glasses\\":3')).toContain('glasses')
  expect(await message('\\"widthMultiplier\\":0.1', '\\"widthMultiplier\\":0.0')).toContain('larger or smaller')
  expect(await message('\\"bicubic\\"', '\\"trilinear')).toContain('none')
  expect(await message('\\"bicubic\\"', '\\"lanczos\\"')).toContain('lanczos')
  expect(await message('[\\"a\\",\\"b\\",\\"c\\"]', '[\\"a\\",\\"b\\"]')).toContain('2 labels')
})
