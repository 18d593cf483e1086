import {
  defineMobileNetV2,
  type IntegerActivation,
  type IntegerLayer,
  type IntegerParameters,
  inputLength,
  isWeighted,
  kernelLength,
  type LayerId,
  MobileNetV2Error,
} from '@mobilenetv2/spec'
import { describe, expect, it } from 'vitest'
import { runIntegerReference } from '../src/index.js'

const architecture = defineMobileNetV2({ widthMultiplier: 0.1, height: 32, width: 32, classes: 2, headChannels: 16 })
const output: IntegerActivation = { scale: 1, least: -128, most: 127 }

/** Kernels of zeros and multipliers of 0.5: each layer gives half of its bias, which is 2.5 or -1.5 before rounding. */
function integersOf(rounding: 'multiplier' | 'division'): IntegerParameters {
  const layers = new Map<LayerId, IntegerLayer>()
  for (const layer of architecture.layers) {
    if (!isWeighted(layer)) {
      const by =
        rounding === 'division'
          ? ({ by: rounding } as const)
          : ({ by: rounding, multiplier: 0.5, offset: 0.5 * 3 - 7, zeroPoint: -7 } as const)
      layers.set(layer.id, { kind: 'pool', inputZeroPoint: -3, rounding: by, output })
      continue
    }
    const bias = Int32Array.from({ length: layer.biasLength }, (_, channel) => (channel % 2 === 0 ? 5 : -3))
    const multipliers = new Float32Array(bias.length).fill(0.5)
    // 2 + 2 x 1/4 and -2 - 2 x 1/4: halves go up.
    const addition = layer.residual === null ? null : { ownMultiplier: 4, residualMultiplier: 1, shift: 2, output }
    layers.set(layer.id, { kind: 'weights', kernel: new Int16Array(kernelLength(layer)), bias, multipliers, output, addition })
  }
  return { input: { ...output, factor: [1, 1, 1], offset: [0, 0, 0] }, layers }
}

const picture = new Float32Array(inputLength(architecture))

describe('the reference of integers', () => {
  it('rounds products to even, and halves of additions up', () => {
    const found = runIntegerReference(architecture, integersOf('division'), picture)
    expect([...found.get('stem')!.subarray(0, 2)]).toEqual([2, -2])
    const sum = architecture.layers.find(({ residual }) => residual !== null)!
    expect([...found.get(sum.id)!.subarray(0, 2)]).toEqual([3, -2])
  })

  it.each([
    ['division', [2, -2]],
    // One position: 2 x 0.5 and -2 x 0.5, apart from the zero points.
    ['multiplier', [1, -1]],
  ] as const)('pools by %s', (rounding, expected) => {
    const found = runIntegerReference(architecture, integersOf(rounding), picture)
    expect([...found.get('pool')!.subarray(0, 2)]).toEqual(expected)
  })

  it.each([
    ['INPUT', integersOf('division'), picture.subarray(1)],
    ['PARAMETERS', { ...integersOf('division'), layers: new Map() }, picture],
  ])('refuses wrong %s', (code, integers, input) => {
    const run = (): unknown => runIntegerReference(architecture, integers, input)
    expect(run).toThrow(MobileNetV2Error)
    expect(run).toThrow(expect.objectContaining({ code }))
  })
})
