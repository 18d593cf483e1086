import { describe, expect, it } from 'vitest'
import {
  activationMemory,
  checkParameters,
  type DefinitionOptions,
  defineMobileNet,
  isWeighted,
  kernelLength,
  type LayerId,
  outputLayerId,
  type Parameters,
  parameterCount,
  summarize,
  totalMultiplyAdds,
  totalParameters,
  truncateAt,
} from '../src/index.js'

const published = defineMobileNet({ classes: 10 })

function sizes(options: DefinitionOptions): (readonly [LayerId, string, readonly number[] | null])[] {
  const { layers } = defineMobileNet({ classes: 10, ...options })
  const first = layers.findLastIndex(({ block }) => block !== null) + 1
  return layers.slice(first).map((layer) => [layer.id, layer.kind, isWeighted(layer) ? layer.kernelShape : null])
}

describe('a head', () => {
  it('on the whole map: its dense layer takes height x width x channels values', () => {
    expect(sizes({ pool: 'none', headLayers: [{ units: 128, activation: 'silu' }] })).toEqual([
      ['head', 'pointwise', [320, 1280]],
      ['dense1', 'dense', [7 * 7 * 1280, 128]],
      ['classifier', 'dense', [128, 10]],
    ])
  })

  it('without its convolution, with layers of positions and a max pool', () => {
    expect(sizes({ headChannels: 0, positionLayers: [{ units: 32, activation: 'relu' }], pool: 'max' })).toEqual([
      ['position1', 'pointwise', [320, 32]],
      ['pool', 'globalMaxPool', null],
      ['classifier', 'dense', [32, 10]],
    ])
  })

  it('on MobileNetV1', () => {
    expect(sizes({ family: 'MobileNetV1', pool: 'none' })).toEqual([['classifier', 'dense', [7 * 7 * 1024, 10]]])
  })
})

describe('costs and sizes of heads', () => {
  const flat = defineMobileNet({ classes: 10, pool: 'none' })

  it('count the larger kernel of a flattened map', () => {
    const more = 48 * 1280 * 10
    expect(totalParameters(flat)).toBe(totalParameters(published) + more)
    expect(totalMultiplyAdds(flat)).toBe(totalMultiplyAdds(published) + more)
  })

  it('count a bias, not BatchNorm, in a layer of positions', () => {
    const { layers } = defineMobileNet({ positionLayers: [{ units: 8, activation: 'linear' }] })
    expect(parameterCount(layers.find(({ id }) => id === 'position1')!)).toBe(1280 * 8 + 8)
  })

  it('hold the map until the dense layer has read it', () => {
    const { steps } = activationMemory(flat, 'block')
    expect(steps.at(-1)).toEqual({ layers: ['classifier'], bytes: 4 * (7 * 7 * 1280 + 10) })
  })

  it('stand in the summary', () => {
    const text = summarize(
      defineMobileNet({
        classes: 10,
        positionLayers: [{ units: 8, activation: 'relu' }],
        pool: 'max',
        headLayers: [{ units: 5, activation: 'leakyRelu:0.3' }],
      }),
    )
    const rows = text.split('\n').map((row) =>
      row
        .replace(/[├└│─:]|\d-\d+/g, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    const head = rows.slice(rows.indexOf('Conv2d [1, 8, 7, 7] 10,248'))
    expect(head.slice(0, 7)).toEqual([
      'Conv2d [1, 8, 7, 7] 10,248',
      'ReLU [1, 8, 7, 7] --',
      'AdaptiveMaxPool2d [1, 8, 1, 1] --',
      'Sequential [1, 5] --',
      'Linear [1, 5] 45',
      'LeakyReLU [1, 5] --',
      'Sequential [1, 10] --',
    ])
    expect(summarize(flat, { format: 'markdown' })).toContain('| classifier | dense | 1 x 1 x 10 |')
  })
})

it('a network is cut inside its head', () => {
  const options = { classes: 10, pool: 'max', headLayers: [{ units: 5, activation: 'elu' }] } as const
  const ends = (['head', 'pool', 'dense1'] as const).map((id) => truncateAt(defineMobileNet(options), id).layers.at(-1)!)
  expect(ends).toMatchObject([
    { id: 'head', output: { height: 7, width: 7, channels: 1280 } },
    { id: 'pool', output: { height: 1, width: 1, channels: 1280 } },
    { id: 'dense1', output: { height: 1, width: 1, channels: 5 }, activation: 'elu' },
  ])
})

it('a network without a pool has no features, and says so', () => {
  const flat = defineMobileNet({ classes: 10, pool: 'none' })
  expect(outputLayerId(flat, 'logits')).toBe('classifier')
  expect(() => outputLayerId(flat, 'features')).toThrow('no such output')
  expect(outputLayerId(defineMobileNet({ classes: 10, pool: 'max' }), 'features')).toBe('pool')
})

it('parameters of a pooled head do not fit a flattened one', () => {
  const parameters: Parameters = new Map(
    published.layers
      .filter(isWeighted)
      .map((layer) => [layer.id, { kernel: new Float32Array(kernelLength(layer)), bias: new Float32Array(layer.biasLength) }]),
  )
  checkParameters(published, parameters)
  checkParameters(defineMobileNet({ classes: 10, pool: 'max' }), parameters)
  expect(() => checkParameters(defineMobileNet({ classes: 10, pool: 'none' }), parameters)).toThrow(/layer classifier[\s\S]*62720/)
})
