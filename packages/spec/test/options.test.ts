import { describe, expect, it } from 'vitest'
import { defineMobileNetV1 } from '../src/define-mobilenet-v1.js'
import { defineMobileNetV2 } from '../src/define-mobilenet-v2.js'
import { MobileNetV2Error } from '../src/errors.js'
import type { MobileNetV2Options } from '../src/options.js'
import { summarize } from '../src/summarize.js'

const bad: readonly [option: string, options: MobileNetV2Options, expected: string, got: string][] = [
  ['widthMultiplier', { widthMultiplier: 0 }, 'a number above 0, at most 8', '0'],
  ['widthMultiplier', { widthMultiplier: Number.NaN }, 'a number above 0, at most 8', 'NaN'],
  ['height', { height: 31 }, 'an integer from 32 to 8192', '31'],
  ['width', { width: 224.5 }, 'an integer from 32 to 8192', '224.5'],
  [
    'height',
    {
      height: 100,
      table: [
        [1, 8, 1, 2],
        [6, 8, 7, 2],
        [6, 8, 1, 2],
        [6, 8, 1, 2],
        [6, 8, 1, 2],
        [6, 8, 1, 2],
      ],
    },
    'an integer from 128 to 8192',
    '100',
  ],
  ['classes', { classes: 1.5 }, 'an integer from 0 to 1000000', '1.5'],
  ['headLayers', { classes: 0, headLayers: [{ units: 8, activation: 'relu' }] }, 'none if classes is 0', '1'],
  ['headLayers[0].units', { headLayers: [{ units: 0, activation: 'relu' }] }, 'an integer from 1 to 65536', '0'],
  [
    'headLayers[0].activation',
    { headLayers: [{ units: 8, activation: 'mish' as 'relu' }] },
    'one of linear, relu, relu6, sigmoid, tanh, elu, selu, silu, gelu, geluTanh, hardSwish, or leakyRelu: and a slope',
    '"mish"',
  ],
  [
    'headLayers[0].activation',
    { headLayers: [{ units: 8, activation: 'leakyRelu:steep' as 'relu' }] },
    'one of linear, relu, relu6, sigmoid, tanh, elu, selu, silu, gelu, geluTanh, hardSwish, or leakyRelu: and a slope',
    '"leakyRelu:steep"',
  ],
  ['positionLayers[0].activation', { positionLayers: [{ units: 8, activation: 'silu' }] }, 'one of linear, relu, relu6', '"silu"'],
  ['pool', { pool: 'none', classes: 0 }, 'average or max if classes is 0', '"none"'],
  ['batchNormEpsilon', { batchNormEpsilon: -1 }, 'a number above 0, at most 1', '-1'],
  ['channelDivisor', { channelDivisor: 0 }, 'an integer from 1 to 256', '0'],
  ['headChannels', { headChannels: -1 }, 'an integer from 0 to 65536', '-1'],
  ['stemChannels', { stemChannels: 0.5 }, 'an integer from 1 to 65536', '0.5'],
  ['table', { table: [] }, '1 to 32 rows', '0'],
  ['table', { table: Array.from({ length: 33 }, () => [1, 8, 1, 1] as const) }, '1 to 32 rows', '33'],
  ['table[0] (t)', { table: [[0, 8, 1, 1]] }, 'a number above 0, at most 64', '0'],
  ['table[0] (c)', { table: [[1, 0, 1, 1]] }, 'an integer from 1 to 65536', '0'],
  ['table[0] (n)', { table: [[1, 8, 0, 1]] }, 'an integer from 1 to 64', '0'],
  [
    'table[1] (s)',
    {
      table: [
        [1, 16, 1, 1],
        [6, 24, 1, 3],
      ],
    },
    'an integer from 1 to 2',
    '3',
  ],
  ['padding', { padding: 'valid' as 'same' }, 'one of symmetric, same', '"valid"'],
  ['residual', { residual: 'both' as 'none' }, 'one of bottleneck, expansion, none', '"both"'],
]

describe('a bad option', () => {
  it.each(bad)('%s: the error names option, value and range (%#)', (option, options, expected, got) => {
    let caught: unknown
    try {
      defineMobileNetV2(options)
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(MobileNetV2Error)
    expect(caught).toMatchObject({ code: 'OPTION', details: { where: `option ${option}`, expected, got } })
    expect(String(caught)).toContain(expected)
  })

  it('is refused by MobileNetV1 too', () => {
    expect(() => defineMobileNetV1({ height: 31 })).toThrow('an integer from 32 to 8192')
  })

  it.each([
    ['widthMultipler', () => defineMobileNetV2({ widthMultipler: 0.5 } as object)],
    ['activaton', () => defineMobileNetV2({ headLayers: [{ units: 8, activation: 'relu', activaton: 'relu' } as never] })],
    ['table', () => defineMobileNetV1({ table: [[1, 16, 1, 1]] } as object)],
    ['fromat', () => summarize(defineMobileNetV2(), { fromat: 'json' } as object)],
  ])('an unknown option: %s', (name, call) => {
    expect(call).toThrow(expect.objectContaining({ code: 'OPTION', details: expect.objectContaining({ where: `option ${name}` }) }))
  })

  it.each([null, 'wide', [0.5]])('options that are %j', (options) => {
    expect(() => defineMobileNetV2(options as never)).toThrow('The options must be an object.')
  })

  it('lists that are not lists', () => {
    expect(() => defineMobileNetV2({ table: 7 as never })).toThrow('option table')
    expect(() => defineMobileNetV2({ headLayers: {} as never })).toThrow('option headLayers')
  })
})
