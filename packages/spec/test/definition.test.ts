import { describe, expect, it } from 'vitest'
import { inputLength } from '../src/architecture.js'
import { foldedParameterCount } from '../src/costs.js'
import { defineMobileNet } from '../src/define-mobilenet.js'
import { defineMobileNetV1 } from '../src/define-mobilenet-v1.js'
import { defineMobileNetV2 } from '../src/define-mobilenet-v2.js'
import { makeDivisible } from '../src/make-divisible.js'

const layerOf = (architecture: ReturnType<typeof defineMobileNetV2>, id: string) =>
  architecture.layers.find((layer) => layer.id === id)

describe('makeDivisible', () => {
  it.each([
    [32 * 0.35, 8, 16], // 11.2 would round to 8, which is over 10 % less
    [16 * 0.35, 8, 8],
    [32 * 1.4, 8, 48],
    [24 * 1.4, 8, 32],
    [96 * 0.35, 8, 32],
    [1280 * 1.3, 8, 1664],
    [1280 * 1.4, 8, 1792],
    [16 * 0.1, 4, 4],
    [17, 1, 17],
  ])('rounds %d to a multiple of %d: %d', (channels, divisor, expected) => {
    expect(makeDivisible(channels, divisor)).toBe(expected)
  })
})

describe('defineMobileNetV2', () => {
  const architecture = defineMobileNetV2()

  it('has 17 inverted residual blocks, the first without an expansion', () => {
    const ids = architecture.layers.map(({ id }) => id)
    expect(ids.slice(0, 6)).toEqual([
      'stem',
      'block1.depthwise',
      'block1.project',
      'block2.expand',
      'block2.depthwise',
      'block2.project',
    ])
    expect(ids.slice(-4)).toEqual(['block17.project', 'head', 'pool', 'classifier'])
    expect(ids.filter((id) => id.endsWith('.project'))).toHaveLength(17)
    expect(ids.filter((id) => id.endsWith('.expand'))).toHaveLength(16)
  })

  it('adds a residual exactly where the stride is 1 and the channels agree', () => {
    const residuals = architecture.layers.flatMap(({ id, residual }) => (residual === null ? [] : [[id, residual]]))
    expect(residuals).toEqual(
      [3, 5, 6, 8, 9, 10, 12, 13, 15, 16].map((block) => [`block${block}.project`, `block${block - 1}.project`]),
    )
  })

  it('ends projections linearly, and all other convolutions in ReLU6', () => {
    for (const { id, activation } of architecture.layers) {
      expect(activation, id).toBe(/project|pool|classifier/.test(id) ? 'linear' : 'relu6')
    }
    const ablation = defineMobileNetV2({ bottleneckActivation: 'relu6' })
    expect(layerOf(ablation, 'block3.project')?.activation).toBe('relu6')
  })

  it.each([
    ['symmetric', 224, { top: 1, bottom: 1, left: 1, right: 1 }, 112],
    ['symmetric', 225, { top: 1, bottom: 1, left: 1, right: 1 }, 113],
    ['same', 224, { top: 0, bottom: 1, left: 0, right: 1 }, 112],
    ['same', 225, { top: 1, bottom: 1, left: 1, right: 1 }, 113],
  ] as const)('pads a strided layer as %s at %d', (padding, size, expected, output) => {
    const stem = defineMobileNetV2({ padding, height: size, width: size }).layers[0]
    expect(stem).toMatchObject({ kind: 'convolution', padding: expected, output: { height: output, width: output } })
  })

  it('pads rows and columns apart', () => {
    const stem = defineMobileNetV2({ padding: 'same', height: 64, width: 65 }).layers[0]
    expect(stem).toMatchObject({ padding: { top: 0, bottom: 1, left: 1, right: 1 }, output: { height: 32, width: 33 } })
  })

  it('pads a layer of stride 1 by one on every side in both conventions', () => {
    for (const padding of ['symmetric', 'same'] as const) {
      const layer = layerOf(defineMobileNetV2({ padding }), 'block3.depthwise')
      expect(layer).toMatchObject({ stride: 1, padding: { top: 1, bottom: 1, left: 1, right: 1 } })
    }
  })

  it("takes the framework's BatchNorm epsilon unless told otherwise", () => {
    expect(defineMobileNetV2().batchNormEpsilon).toBe(1e-5)
    expect(defineMobileNetV2({ padding: 'same' }).batchNormEpsilon).toBe(1e-3)
    expect(defineMobileNetV2({ padding: 'same', batchNormEpsilon: 2e-4 }).batchNormEpsilon).toBe(2e-4)
  })

  it('widens the head only above width 1', () => {
    const headChannels = (widthMultiplier: number) => layerOf(defineMobileNetV2({ widthMultiplier }), 'head')?.output.channels
    expect([0.35, 1, 1.3, 1.4].map(headChannels)).toEqual([1280, 1280, 1664, 1792])
    expect(
      layerOf(defineMobileNetV2({ widthMultiplier: 1.1, stemChannels: 32, headChannels: 1280 }), 'stem')?.output.channels,
    ).toBe(32)
  })

  it('puts hidden dense layers before the classifier, or leaves the classifier out', () => {
    const { layers } = defineMobileNetV2({
      classes: 5,
      headLayers: [
        { units: 256, activation: 'relu' },
        { units: 128, activation: 'relu' },
      ],
    })
    expect(layers.slice(-4).map(({ id, input, output, activation }) => [id, input.channels, output.channels, activation])).toEqual([
      ['pool', 1280, 1280, 'linear'],
      ['dense1', 1280, 256, 'relu'],
      ['dense2', 256, 128, 'relu'],
      ['classifier', 128, 5, 'linear'],
    ])
    expect(defineMobileNetV2({ classes: 0 }).layers.at(-1)?.id).toBe('pool')
  })

  it('places residuals between expansions, or nowhere, for the ablation', () => {
    expect(defineMobileNetV2({ residual: 'none' }).layers.every(({ residual }) => residual === null)).toBe(true)
    const between = defineMobileNetV2({ residual: 'expansion' }).layers.flatMap(({ id, residual }) =>
      residual ? [[id, residual]] : [],
    )
    expect(between[0]).toEqual(['block6.depthwise', 'block5.depthwise'])
    expect(between.every(([id]) => id?.endsWith('.depthwise'))).toBe(true)
  })
})

it('refuses a family that it does not know', () => {
  expect(() => defineMobileNet({ family: 'MobileNetV3' } as never)).toThrow(/family/)
})

describe('defineMobileNetV1', () => {
  it('has 13 depthwise separable blocks and no residual', () => {
    const { layers } = defineMobileNetV1()
    expect(layers).toHaveLength(1 + 2 * 13 + 2)
    expect(layers.every(({ residual }) => residual === null)).toBe(true)
  })
})

it('counts the values of a picture, and of parameters with BatchNorm folded in', () => {
  const architecture = defineMobileNetV2({ height: 96, width: 64 })
  expect(inputLength(architecture)).toBe(96 * 64 * 3)
  // 3,504,872 trained parameters, less one for each of the 17,056 channels with BatchNorm.
  expect(foldedParameterCount(architecture)).toBe(3_487_816)
})
