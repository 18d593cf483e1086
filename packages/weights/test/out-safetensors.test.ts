import { defineMobileNet, defineMobileNetV2, headActivations, type MobileNetV2Options } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { readNetwork, type SafetensorsNetwork, toSafetensors } from '../src/index.js'
import { refusalOf } from './support/expect-refusal.js'
import { find, patched } from './support/goldens.js'

const small: MobileNetV2Options = { widthMultiplier: 0.1, headChannels: 16, classes: 3, height: 64, width: 64 }

/** The description of a network in a file, without the parameters. */
type Description = Omit<SafetensorsNetwork, 'parameters'>

const described: Description = {
  options: small,
  preprocessing: {
    geometry: { kind: 'shorterSide', size: 70, rounding: 'torchvision' },
    interpolation: 'bicubic',
    mean: [0.485, 0.456, 0.406],
    deviation: [0.229, 0.224, 0.225],
  },
  classes: { labels: [], background: null, output: 'softmax' },
}

function withParameters(description: Description): SafetensorsNetwork {
  return { ...description, parameters: seededParameters(defineMobileNet(description.options)) }
}

const models: { title: string; model: Description }[] = [
  {
    title: 'labels that JSON escapes',
    model: { ...described, classes: { labels: ['a "b"\\', 'ü', '日本 🐈'], background: null, output: 'softmax' } },
  },
  {
    title: 'a background class, the whole picture',
    model: {
      ...described,
      classes: { labels: [], background: 0, output: 'softmax' },
      preprocessing: { ...described.preprocessing, geometry: { kind: 'stretch' } },
    },
  },
  {
    title: 'labels around a background class',
    model: { ...described, classes: { labels: ['cat', 'dog'], background: 1, output: 'softmax' } },
  },
  {
    title: 'classes with probabilities of their own',
    model: { ...described, classes: { labels: ['wet', 'round', 'red'], background: null, output: 'sigmoid' } },
  },
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
  ...headActivations.map((activation) => ({
    title: `a hidden layer with ${activation}`,
    model: { ...described, options: { ...small, headLayers: [{ units: 9, activation }] } },
  })),
  {
    title: 'a slope, layers of positions, and the whole map',
    model: {
      ...described,
      options: {
        ...small,
        positionLayers: [{ units: 6, activation: 'relu' }],
        pool: 'none',
        headLayers: [{ units: 9, activation: 'leakyRelu:0.3' }],
      },
    },
  },
  {
    title: 'a max pool, no head convolution and no classifier',
    model: { ...described, options: { ...small, headChannels: 0, pool: 'max', classes: 0 } },
  },
  ...(['average', 'max', 'none'] as const).map((pool) => ({
    title: `MobileNetV1, pool ${pool}`,
    model: {
      ...described,
      options: { family: 'MobileNetV1', widthMultiplier: 0.25, height: 64, width: 64, classes: 3, pool } as const,
    },
  })),
  {
    title: 'every option',
    model: {
      ...described,
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
  const network = withParameters(model)
  const { source, reasons, architecture, ...read } = await readNetwork(toSafetensors(network))
  expect(source).toEqual({ file: '(bytes)', format: 'safetensors', naming: 'mobilenetv2' })
  const classes = { ...network.classes, outputReason: expect.stringMatching(/./) }
  expect(read).toEqual({ ...network, integers: null, batchNorms: new Map(), classes })
  expect(architecture).toEqual(defineMobileNet(model.options))
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
  const network = withParameters({ ...described, options: { ...small, widthMultiplier: 0.35, headChannels: 320 } })
  const { parameters } = network
  parameters.get('head')!.kernel.fill(0, 0, 5)
  parameters.get('classifier')!.kernel.forEach((_, index, kernel) => {
    if (index % 3 === 1) kernel[index] = 0
  })
  const bytes = toSafetensors(network, { dtype })
  expect(bytes.length / toSafetensors(network).length).toBeLessThan(ratio)
  const read = await readNetwork(bytes)
  for (const [id, { kernel, bias }] of parameters) {
    const channels = bias.length
    const largest = new Float64Array(channels)
    kernel.forEach((value, index) => {
      largest[index % channels] = Math.max(largest[index % channels]!, Math.abs(value))
    })
    const far = kernel.findIndex((value, index) => {
      const error = Math.abs(read.parameters.get(id)!.kernel[index]! - value)
      return error > halfSteps[dtype](value, largest[index % channels]!)
    })
    expect({ id, far, bias: read.parameters.get(id)!.bias }).toEqual({ id, far: -1, bias })
  }
  const again = await readNetwork(toSafetensors(read, { dtype }))
  for (const [id, { kernel }] of read.parameters)
    expect({ id, same: again.parameters.get(id)!.kernel.every((value, index) => value === kernel[index]) }).toEqual({
      id,
      same: true,
    })
})

test('what does not fit: a number beyond float16, another type, a kernel that is missing', () => {
  const parameters = new Map(seededParameters(defineMobileNetV2(small)))
  const network = { ...described, parameters }
  expect(() => toSafetensors(network, { dtype: 'F64' as 'F32' })).toThrow('F32, F16, I8')
  expect(() => toSafetensors(network, { type: 'F16' } as object)).toThrow('option type')
  for (const value of [65_520, 131_072, 1e6, 1e9, -1e9, Infinity]) {
    parameters.get('head')!.kernel[5] = value
    expect(() => toSafetensors(network, { dtype: 'F16' })).toThrow(`${value} at index 5`)
  }
  parameters.get('head')!.kernel[5] = Number.NaN
  for (const dtype of ['F16', 'I8'] as const) expect(() => toSafetensors(network, { dtype })).toThrow('head.kernel')
  parameters.delete('head')
  expect(() => toSafetensors(network)).toThrow('layer head')
})

test('a description that is damaged, missing, or of other tensors', async () => {
  const labelled: Description = { ...described, classes: { labels: ['a', 'b', 'c'], background: null, output: 'softmax' } }
  const bytes = toSafetensors(withParameters(labelled))
  const message = async (text: string, replacement: string): Promise<string> => {
    const at = find(bytes, text)
    expect(at).toBeGreaterThan(0)
    const changed = patched(bytes, at, new TextEncoder().encode(replacement.padEnd(text.length)))
    return (await refusalOf(() => readNetwork(changed))).message
  }
  expect(await message('"mobilenetv2":', '"otherkey":')).toContain('no description')
  expect(await message('\\"classes\\":3', '\\"classes\\":4')).toContain('does not match its tensors')
  expect(await message('"stem.bias"', '"stem.base"')).toContain('no such tensor')
  expect(await message('\\"classes\\":3', '\\"glasses\\":3')).toContain('glasses')
  expect(await message('\\"widthMultiplier\\":0.1', '\\"widthMultiplier\\":0.0')).toContain('larger or smaller')
  expect(await message('\\"bicubic\\"', '\\"trilinear')).toContain('not valid JSON')
  expect(await message('\\"bicubic\\"', '\\"lanczos\\"')).toContain('lanczos')
  expect(await message('[\\"a\\",\\"b\\",\\"c\\"]', '[\\"a\\",\\"b\\"]')).toContain('2 labels')
})
