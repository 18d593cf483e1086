import { type DefinitionOptions, defineMobileNet } from '@mobilenetv2/spec'
import { runReference, seededParameters } from '@mobilenetv2/testing'
import type { Network } from '@mobilenetv2/weights'
import { describe, expect, it } from 'vitest'
import { compile, type Model } from '../src/index.js'

const small = { widthMultiplier: 0.35, height: 64, width: 64, classes: 3 } as const

function compiled(options: DefinitionOptions, classes: Partial<Network['classes']> = {}): Promise<Model> {
  const architecture = defineMobileNet(options)
  const network: Network = {
    options,
    architecture,
    parameters: seededParameters(architecture),
    preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
    classes: { labels: ['a', 'b', 'c'], background: null, output: 'softmax', outputReason: 'the test says so', ...classes },
    source: { file: '(test)', format: 'safetensors', naming: 'mobilenetv2' },
    batchNorms: new Map(),
    integers: null,
    reasons: [],
  }
  return compile(network, { backend: 'wasm', threads: 0 })
}

const side = 64
const picture = {
  data: new Uint8ClampedArray(side * side * 4).map((_, at) => (at % 4 === 3 ? 255 : (at * 37) % 256)),
  width: side,
  height: side,
}

describe('explain', () => {
  it.each<[string, DefinitionOptions]>([
    ['without a head convolution', { ...small, headChannels: 0 }],
    ['with layers of positions', { ...small, positionLayers: [{ units: 8, activation: 'relu' }] }],
    ['of MobileNetV1', { ...small, family: 'MobileNetV1' }],
  ])('a network %s', async (_, options) => {
    using model = await compiled(options)
    const { heat, height, width } = await model.explain(picture)
    expect([height, width, heat.length]).toEqual([2, 2, 4])
    expect(heat.every((value) => value >= 0 && value <= 1)).toBe(true)
  })

  it('is the share of each place in the logit', async () => {
    using model = await compiled({ ...small, family: 'MobileNetV1' })
    const { heat, answer } = await model.explain(picture)
    const { values, channels } = await model.activation(picture, 'block13.pointwise')
    const { kernel } = model.network.parameters.get('classifier')!
    const sums = Array.from(heat, (_, place) =>
      values
        .subarray(place * channels, (place + 1) * channels)
        .reduce((sum, value, channel) => sum + value * kernel[channel * 3 + answer.index]!, 0),
    )
    const most = Math.max(0, ...sums)
    for (const [place, sum] of sums.entries()) expect(heat[place]).toBeCloseTo(most === 0 ? 0 : Math.max(0, sum) / most, 4)
  })

  it('of a single output with two labels, whose logit speaks for the second and against the first', async () => {
    using model = await compiled({ ...small, classes: 1 }, { labels: ['cat', 'dog'], output: 'sigmoid' })
    const { values, channels } = await model.activation(picture, 'head')
    const { kernel } = model.network.parameters.get('classifier')!
    const evidence = Array.from({ length: 4 }, (_, place) =>
      values.subarray(place * channels, (place + 1) * channels).reduce((sum, value, channel) => sum + value * kernel[channel]!, 0),
    )
    for (const [index, sign] of [-1, 1].entries()) {
      const { heat, answer } = await model.explain(picture, { class: index })
      expect(answer.label).toBe(['cat', 'dog'][index])
      const most = Math.max(0, ...evidence.map((sum) => sign * sum))
      for (const [place, sum] of evidence.entries())
        expect(heat[place]).toBeCloseTo(most === 0 ? 0 : Math.max(0, sign * sum) / most, 4)
    }
  })

  it.each<[string, DefinitionOptions]>([
    ['a max pool', { ...small, pool: 'max' }],
    ['a hidden layer', { ...small, headLayers: [{ units: 8, activation: 'relu' }] }],
    ['no pool', { ...small, pool: 'none' }],
  ])('refuses a network with %s', async (_, options) => {
    using model = await compiled(options)
    await expect(model.explain(picture)).rejects.toMatchObject({ code: 'OPTION', message: /no class activation map/ })
  })
})

it('embeds by a max pool, and refuses where no pool is, saying which layer takes the map', async () => {
  using pooled = await compiled({ ...small, pool: 'max' })
  expect(await pooled.embed(picture)).toHaveLength(1280)
  using flat = await compiled({ ...small, pool: 'none', headLayers: [{ units: 8, activation: 'silu' }] })
  const refusal = { code: 'INPUT', message: /no pooled features[\s\S]*layer dense1[\s\S]*activation\(picture, 'head'\)/ }
  await expect(flat.embed(picture)).rejects.toMatchObject(refusal)
  await expect(flat.similarity(picture, picture)).rejects.toMatchObject(refusal)
  const map = await flat.activation(picture, 'head')
  expect(map.values).toHaveLength(2 * 2 * 1280)
})

it('shows the output of a layer of the tail', async () => {
  using model = await compiled({ ...small, pool: 'max', headLayers: [{ units: 8, activation: 'gelu' }] })
  const { values, channels } = await model.activation(picture, 'dense1')
  expect(channels).toBe(8)
  const { architecture, parameters } = model.network
  const input = Float32Array.from({ length: side * side * 3 }, (_, at) => {
    const level = picture.data[Math.floor(at / 3) * 4 + (at % 3)]!
    return (level / 255 - 0.5) / 0.5
  })
  const cut = { ...architecture, layers: architecture.layers.slice(0, -1) }
  const expected = runReference(cut, parameters, input).logits
  for (const [unit, value] of expected.entries()) expect(values[unit]).toBeCloseTo(value, 3)
})

it('refuses two labels of a single output that is read by softmax, which makes it always 1', async () => {
  const single = (output: 'softmax' | 'sigmoid') => compiled({ ...small, classes: 1 }, { labels: ['cat', 'dog'], output })
  await expect(single('softmax')).rejects.toMatchObject({
    code: 'PARAMETERS',
    message: /2 labels of one logit that is read as sigmoid/,
  })
  using model = await single('sigmoid')
  expect(await model.classify(picture)).toHaveLength(2)
})
